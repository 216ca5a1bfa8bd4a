namespace SalesFlow.Engine.Activities;

/// <summary>Reads a line from the console of the process, which a server does not have.</summary>
internal sealed class ReadLine() : Activity(new("Elsa.ReadLine", new("Read line", "Прочитать строку"), Categories.Console) { IsBrowsable = false, Outputs = [new("Result", "String", new("Result", "Результат"))] })
{
    public override void Execute(Activation activation) =>
        throw new FaultException("Elsa.ReadLine waits for a line on the server's console, and nobody types there. Use an event or a task instead.");
}

/// <summary>Code of the host's own languages: known, so that definitions keep it, and never run.</summary>
internal abstract class HostCode(string type, string language, Text name) : Activity(new(type, name, Categories.Scripting)
{
    IsHostCode = true,
    Description = new("Kept for servers that run such code: here it faults.", "Для серверов, где такой код выполняется: здесь будет ошибка."),
    Inputs =
    [
        new("Script", "String", new("Script", "Скрипт")) { UIHint = "code-editor", DefaultSyntax = language, AutoEvaluate = false },
        new("PossibleOutcomes", "String[]", new("Possible outcomes", "Возможные исходы")) { UIHint = "dynamic-outcomes", DefaultSyntax = "Object", AutoEvaluate = false },
    ],
    Outputs = [new("Result", "Object", new("Result", "Результат"))],
})
{
    public override void Execute(Activation activation) => throw new FaultException(Disabled(language));

    /// <summary>Elsa's words, and what runs instead.</summary>
    public static string Disabled(string language) =>
        $"{(language == "CSharp" ? "C#" : language)} workflow expression execution is disabled: this server runs JavaScript, Liquid and Scriban.";
}

internal sealed class RunCSharp() : HostCode("Elsa.RunCSharp", "CSharp", new("Run C#", "Выполнить C#"));

internal sealed class RunPython() : HostCode("Elsa.RunPython", "Python", new("Run Python", "Выполнить Python"));

/// <summary>Stands for a piece of C# in workflows that are written in C#; in a document there is nothing left of it.</summary>
internal sealed class Inline() : Activity(new("Elsa.Inline", new("Inline", "Встроенный код"), Categories.Primitives) { IsBrowsable = false })
{
    public override void Execute(Activation activation) => activation.Complete();
}
