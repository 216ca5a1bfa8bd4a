using SalesFlow.Sales.Deals;
using SalesFlow.Sales.Meetings;
using SalesFlow.Sales.Tasks;

namespace SalesFlow.Server.Demo;

/// <summary>What becomes of a demo deal, drawn from its own seed: the same number always lives the same life.</summary>
internal sealed class DemoChance(int number, bool staysOpen)
{
    private static readonly string[] Trades = ["Вектор", "Полюс", "Орион", "Меридиан", "Гранит", "Кедр", "Альфа-Снаб", "Техноград", "Лесной двор", "Рубин", "Магистраль"];
    private static readonly string[] Goods = ["Турникеты для проходной", "Система видеонаблюдения", "Обслуживание серверов", "Складские стеллажи", "Учебный курс для отдела продаж", "Лицензии на CRM", "Ремонт кровли цеха", "Поставка кабеля"];
    private static readonly string[] Channels = ["website", "coldCall", "exhibition", "referral", "partner"];
    private static readonly string[] Losses = ["competitor", "noBudget: проект отложен", "noNeed", "silent", "terms"];
    // Of a hundred deals that enter a stage so many go no further; the first stage filters hardest.
    private static readonly int[] LossesPerHundred = [28, 18, 20, 14, 8];

    private readonly Random random = new(unchecked(number * 7919) ^ 20261124);
    // So many slots of a rep's are three days' worth.
    private const int NextDays = 40;
    private int steps;

    /// <summary>True for a deal that the history leaves open.</summary>
    public bool StaysOpen => staysOpen;
    /// <summary>Number of the deal, from 0.</summary>
    public int Number => number;
    /// <summary>Attempts to get on while no task is open.</summary>
    public int Nudges { get; set; }
    /// <summary>Stage of the last look, to notice a new one.</summary>
    public string? Stage { get; set; }
    /// <summary>Stages entered so far.</summary>
    public int Stages { get; set; }
    /// <summary>When the meeting that was booked last ends; nothing else happens until then.</summary>
    public DateTimeOffset? MeetsUntil { get; set; }
    /// <summary>How many steps an open deal goes before the rep leaves it for today.</summary>
    private readonly int stopsAfter = staysOpen ? new Random(number).Next(0, 7) : int.MaxValue;

    /// <summary>True when an open deal has come as far as the history tells.</summary>
    public bool Rests => steps++ >= stopsAfter;

    /// <summary>Why it is lost.</summary>
    public string Loss => Losses[random.Next(Losses.Length)];

    public NewDeal Deal(string pipeline) => new(pipeline, Goods[random.Next(Goods.Length)],
        new NewClient($"ООО «{Trades[random.Next(Trades.Length)]}» (демо {number % 700 + 1})", Contact: "Демо Контакт", Email: $"client{number % 700 + 1}@example.com"),
        Math.Floor((decimal)Math.Exp(11 + (random.NextDouble() * 3.5)) / 100) * 100, "RUB", Channels[random.Next(Channels.Length)], DemoPeople.RepName(number));

    /// <summary>Working time until the next step: mostly hours, sometimes days.</summary>
    public TimeSpan Pause() => TimeSpan.FromMinutes(15 + Math.Min(24 * 60, -Math.Log(1 - random.NextDouble()) * 200));

    /// <summary>True when the deal is lost in the stage it has just entered.</summary>
    public bool IsLostHere() => !staysOpen && random.Next(100) < LossesPerHundred[Math.Min(Stages - 1, LossesPerHundred.Length - 1)];

    /// <summary>One of the times that can be booked: within the next days, as people choose.</summary>
    public SlotView Of(IReadOnlyList<SlotView> free) => free[random.Next(Math.Min(free.Count, NextDays))];

    /// <summary>Which button is pressed: the first is the good one.</summary>
    public static string Outcome(TaskView task) => task.Outcomes[0].Key;

    /// <summary>What the button asks for, and no more: people in a hurry leave the rest empty.</summary>
    public Dictionary<string, object?> Fields(TaskView task) =>
        task.Form.Where(field => field.Required || field.RequiredFor.Contains(Outcome(task))).ToDictionary(field => field.Field, Value);

    private object? Value(FormFieldView field) => field.Type switch
    {
        "number" => (object)random.Next(1, 100),
        "money" => (decimal)random.Next(50, 5000) * 1000,
        "bool" => true,
        "date" => "2026-12-30",
        "choice" => field.Options[random.Next(field.Options.Length)],
        _ => Words.GetValueOrDefault(field.Field, "Договорились по телефону"),
    };

    private static readonly Dictionary<string, string> Words = new()
    {
        ["need"] = "Заменить прежнего поставщика", ["decisionMaker"] = "Директор по закупкам", ["meetingSummary"] = "Ждут предложение с ценами", ["meetingPlace"] = "Офис клиента",
        ["paymentTerms"] = "Половина вперёд, половина после приёмки", ["approvalComment"] = "Без замечаний", ["lossDetails"] = "Рассказали по телефону",
        ["legalName"] = "Общество с ограниченной ответственностью «Демо»", ["inn"] = "7700000000", ["signatory"] = "генерального директора Демо Ивана Ивановича", ["signatoryBasis"] = "устава",
    };
}
