namespace SalesFlow.Web;

/// <summary>Which form of a noun goes with a number. Resources hold all three; in English few and many read the same.</summary>
public static class Plural
{
    /// <summary>one, few or many: 1 задача, 2 задачи, 5 задач; 1 task, 2 tasks.</summary>
    public static string Form(long number, string language)
    {
        var n = Math.Abs(number);
        if (language != "ru")
            return n == 1 ? "one" : "many";
        if (n % 100 is >= 11 and <= 14)
            return "many";
        return (n % 10) switch { 1 => "one", >= 2 and <= 4 => "few", _ => "many" };
    }
}
