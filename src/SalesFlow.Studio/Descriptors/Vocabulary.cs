using System.Collections.Immutable;
using SalesFlow.Engine;

namespace SalesFlow.Studio.Descriptors;

/// <summary>The fixed lists that Studio's panels choose from.</summary>
internal static class Vocabulary
{
    private const string Core = "Elsa.Workflows.Core", Runtime = "Elsa.Workflows.Runtime";

    /// <summary>Languages of expressions. The name of the editor's language makes Monaco appear.</summary>
    public static ImmutableArray<ExpressionView> Expressions { get; } =
    [
        new("Literal", "Literal", false), new("Object", "Object", false, "json"), new("Json", "Json", false, "json"), new("Delegate", "Delegate", false) { IsSerializable = false },
        new("Variable", "Variable", true), new("Input", "Input", true), new("JavaScript", "JavaScript", true, "javascript"), new("Liquid", "Liquid", true, "liquid"),
        // Scriban's braces are close enough to Liquid's for the colours to be right.
        new("Scriban", "Scriban", true, "liquid"),
    ];

    /// <summary>Where variables are kept.</summary>
    public static IEnumerable<object> StorageDrivers(string language) =>
    [
        new { typeName = $"Elsa.Workflows.WorkflowInstanceStorageDriver, {Core}", displayName = new Text("Workflow Instance", "Экземпляр процесса").In(language), priority = 5, deprecated = false },
        new { typeName = $"Elsa.Workflows.MemoryStorageDriver, {Core}", displayName = new Text("Memory", "Память (до ожидания)").In(language), priority = 0, deprecated = false },
        new { typeName = $"Elsa.Workflows.Services.WorkflowStorageDriver, {Core}", displayName = new Text("Workflow", "Процесс (устарело)").In(language), priority = -1, deprecated = true },
    ];

    /// <summary>Types of variables, inputs and outputs; no name may come twice.</summary>
    public static IEnumerable<object> VariableTypes(string language) => from type in Types
                                                                        select new { typeName = type.Alias, displayName = type.Alias, category = type.Category.In(language), description = type.Description.In(language) };

    private static readonly Text Primitives = new("Primitives", "Простые"), Lookups = new("Lookups", "Словари"), Dynamic = new("Dynamic", "Динамические"), Data = new("Data", "Данные"), Http = new("HTTP", "HTTP");

    private static readonly ImmutableArray<(string Alias, Text Category, Text Description)> Types =
    [
        ("Object", Primitives, new("Any value.", "Любое значение.")), ("String", Primitives, new("Text.", "Текст.")), ("Boolean", Primitives, new("True or false.", "Да или нет.")),
        ("Int32", Primitives, new("A whole number.", "Целое число.")), ("Int64", Primitives, new("A large whole number.", "Большое целое число.")),
        ("Single", Primitives, new("A number with a fraction, 32 bits.", "Дробное число, 32 бита.")), ("Double", Primitives, new("A number with a fraction.", "Дробное число.")),
        ("Decimal", Primitives, new("An exact decimal number, for money.", "Точное десятичное число, для денег.")), ("Guid", Primitives, new("A globally unique id.", "Глобально уникальный код.")),
        ("DateTime", Primitives, new("Date and time without an offset.", "Дата и время без часового пояса.")), ("DateTimeOffset", Primitives, new("A moment in time.", "Момент времени.")),
        ("TimeSpan", Primitives, new("A duration.", "Длительность.")), ("StringDictionary", Lookups, new("Texts by name.", "Тексты по именам.")), ("ObjectDictionary", Lookups, new("Values by name.", "Значения по именам.")),
        ("JSON", Dynamic, new("An object whose members are read with a dot.", "Объект, к полям которого обращаются через точку.")), ("JsonElement", Dynamic, new("JSON to be read.", "JSON для чтения.")),
        ("JsonNode", Dynamic, new("JSON to be read and written.", "JSON для чтения и записи.")), ("JsonObject", Dynamic, new("A JSON object.", "Объект JSON.")), ("ByteArray", Data, new("Bytes.", "Байты.")), ("Stream", Data, new("A stream of bytes.", "Поток байтов.")),
        ("HttpRequest", Http, new("A received request.", "Полученный запрос.")), ("HttpHeaders", Http, new("Headers by name.", "Заголовки по именам.")), ("HttpFile", Http, new("A downloaded file.", "Загруженный файл.")),
    ];

    /// <summary>When a new instance may start.</summary>
    public static ImmutableArray<Strategy> ActivationStrategies { get; } =
    [
        new($"Elsa.Workflows.ActivationValidators.AllowAlwaysStrategy, {Core}", new("Always", "Всегда"), new("A new instance may always start.", "Новый экземпляр можно запустить всегда.")),
        new($"Elsa.Workflows.Runtime.ActivationValidators.CorrelatedSingletonStrategy, {Runtime}", new("Correlated singleton", "Один на корреляцию"), new("One running instance of this definition for each correlation id.", "Один работающий экземпляр этого процесса на каждый корреляционный номер.")),
        new($"Elsa.Workflows.Runtime.ActivationValidators.CorrelationStrategy, {Runtime}", new("Correlation", "Корреляция"), new("One running instance of any definition for each correlation id.", "Один работающий экземпляр любого процесса на каждый корреляционный номер.")),
        new($"Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, {Runtime}", new("Singleton", "Единственный"), new("One running instance of this definition.", "Один работающий экземпляр этого процесса.")),
    ];

    /// <summary>What a fault does to the rest.</summary>
    public static ImmutableArray<Strategy> IncidentStrategies { get; } =
    [
        new("ContinueWithIncidentsStrategy", new("Continue with incidents", "Продолжать с инцидентами"), new("The other branches go on; the fault is kept as an incident.", "Другие ветви продолжаются, ошибка остаётся инцидентом.")),
        new("FaultStrategy", new("Fault", "Остановить"), new("The instance stands still as faulted until somebody retries it.", "Экземпляр останавливается с ошибкой, пока её не исправят и не повторят.")),
    ];

    /// <summary>What of an activity goes into the journal.</summary>
    public static ImmutableArray<Strategy> LogPersistenceStrategies { get; } =
    [
        new($"Elsa.Workflows.LogPersistence.Strategies.Configuration, {Core}", new("Configuration", "По настройке"), new("", "")),
        new($"Elsa.Workflows.LogPersistence.Strategies.Exclude, {Core}", new("Exclude", "Не записывать"), new("", "")),
        new($"Elsa.Workflows.LogPersistence.Strategies.Include, {Core}", new("Include", "Записывать"), new("", "")),
        new($"Elsa.Workflows.LogPersistence.Strategies.Inherit, {Core}", new("Inherit", "Как у родителя"), new("", "")),
    ];

    private static readonly Text Always = new("Accepted from Elsa's files; here every turn is committed whole.", "Принимается из файлов Elsa; здесь каждый ход сохраняется целиком.");

    /// <summary>Elsa's moments of saving an instance. They are accepted and change nothing: a turn is always committed whole.</summary>
    public static ImmutableArray<Strategy> WorkflowCommitStrategies { get; } =
    [
        new("WorkflowExecuting", new("Commit before workflow execution", "Перед выполнением процесса"), Always), new("WorkflowExecuted", new("Commit after workflow execution", "После выполнения процесса"), Always),
        new("ActivityExecuting", new("Commit before activity execution", "Перед выполнением действия"), Always), new("ActivityExecuted", new("Commit after activity execution", "После выполнения действия"), Always),
        new("Periodic", new("Every 10 seconds", "Каждые 10 секунд"), Always),
    ];

    /// <summary>The same for a single activity.</summary>
    public static ImmutableArray<Strategy> ActivityCommitStrategies { get; } =
    [
        new("CommitAlways", new("Commit before and after", "До и после"), Always), new("CommitNever", new("Commit later", "Позже"), Always),
        new("Executing", new("Commit before", "До"), Always), new("Executed", new("Commit after", "После"), Always),
    ];
}

/// <summary>A choice of how the engine behaves.</summary>
internal sealed record Strategy(string Name, Text DisplayName, Text Description)
{
    public object ByTypeName(string language) => new { displayName = DisplayName.In(language), description = Description.In(language), typeName = Name };

    public object ByName(string language) => new { name = Name, displayName = DisplayName.In(language), description = Description.In(language) };
}

/// <summary>A language of expressions.</summary>
internal sealed record ExpressionView(string Type, string DisplayName, bool IsBrowsable, [property: System.Text.Json.Serialization.JsonIgnore] string? EditorLanguage = null)
{
    public bool IsSerializable { get; init; } = true;

    /// <summary>With the capital that Studio looks for.</summary>
    public IReadOnlyDictionary<string, object> Properties { get; } =
        EditorLanguage is null ? ImmutableDictionary<string, object>.Empty : ImmutableDictionary<string, object>.Empty.Add("MonacoLanguage", EditorLanguage);
}
