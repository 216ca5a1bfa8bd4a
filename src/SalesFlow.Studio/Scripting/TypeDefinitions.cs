using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Scripting;

/// <summary>What a script of a definition may call, as TypeScript declarations: the editor completes and explains from them.</summary>
internal static class TypeDefinitions
{
    private const string Common = """
        declare function getWorkflowDefinitionId(): string;
        declare function getWorkflowDefinitionVersionId(): string;
        declare function getWorkflowDefinitionVersion(): number;
        declare function getWorkflowInstanceId(): string;
        declare function getCorrelationId(): string;
        declare function setCorrelationId(value: string): void;
        declare function getWorkflowInstanceName(): string;
        declare function setWorkflowInstanceName(value: string): void;
        declare function setVariable(name: string, value: any): void;
        declare function getVariable(name: string): any;
        declare function getInput(name: string): any;
        declare function getOutputFrom(activityIdOrName: string, outputName?: string): any;
        declare function getLastResult(): any;
        declare function isNullOrWhiteSpace(value: string): boolean;
        declare function isNullOrEmpty(value: string): boolean;
        declare function parseGuid(value: string): string;
        declare function newGuid(): string;
        declare function newGuidString(): string;
        declare function newShortGuid(): string;
        declare function getGuid(): string;
        declare function getGuidString(): string;
        declare function getShortGuid(): string;
        declare function streamToBytes(value: any): any;
        declare function streamToBase64(value: any): string;
        declare function toJson(value: any): string;
        declare function bytesToString(value: any): string;
        declare function bytesFromString(value: string): any;
        declare function bytesToBase64(value: any): string;
        declare function bytesFromBase64(value: string): any;
        declare function stringFromBase64(value: string): string;
        declare function stringToBase64(value: string): string;
        interface Date { AddDays(n: number): Date; AddHours(n: number): Date; AddMinutes(n: number): Date; AddSeconds(n: number): Date; AddMonths(n: number): Date; AddYears(n: number): Date;
          Add(span: TimeSpan): Date; Subtract(other: any): any; ToString(format?: string): string; readonly Year: number; readonly Month: number; readonly Day: number;
          readonly Hour: number; readonly Minute: number; readonly Second: number; readonly DayOfWeek: number; readonly DayOfYear: number; readonly Date: Date; }
        interface DateType { new (year: number, month: number, day: number, hour?: number, minute?: number, second?: number): Date; Parse(text: string): Date; DaysInMonth(year: number, month: number): number;
          readonly UtcNow: Date; readonly Now: Date; readonly Today: Date; }
        declare const DateTime: DateType;
        declare const DateTimeOffset: DateType;
        declare class TimeSpan { constructor(...parts: number[]); static FromDays(n: number): TimeSpan; static FromHours(n: number): TimeSpan; static FromMinutes(n: number): TimeSpan;
          static FromSeconds(n: number): TimeSpan; static Parse(text: string): TimeSpan; Add(other: TimeSpan): TimeSpan; Subtract(other: TimeSpan): TimeSpan; ToString(): string;
          readonly TotalDays: number; readonly TotalHours: number; readonly TotalMinutes: number; readonly TotalSeconds: number; readonly Days: number; readonly Hours: number; readonly Minutes: number; readonly Seconds: number; }
        declare const Guid: { NewGuid(): string; Parse(text: string): string; Empty: string };
        declare class Random { Next(from?: number, to?: number): number; NextDouble(): number; }

        """;

    /// <summary>The declarations for one definition; <paramref name="globals"/> are the names that the product adds.</summary>
    public static string Of(JsonObject document, IEnumerable<Node> nodes, IEnumerable<string> globals, bool choosesOutcomes)
    {
        var text = new StringBuilder(Common.ReplaceLineEndings("\n"));
        foreach (var (name, type) in Named(document, "variables", "typeName"))
            text.Append($"declare function get{name}(): {type};\ndeclare function set{name}(value: {type}): void;\n");
        foreach (var (name, type) in Named(document, "inputs", "type"))
            text.Append($"declare function get{name}(): {type};\n");
        foreach (var node in nodes.Where(node => node.Name is not null && node.Path.Length > 0 && !node.Path.Contains('<', StringComparison.Ordinal)))
            foreach (var output in node.Activity.Descriptor.Outputs)
                if (Pascal(node.Name!) is { } activity)
                    text.Append($"declare function get{output.Name}From{activity}(): {TypeScript(output.TypeName)};\n");
        foreach (var name in globals)
            text.Append($"declare const {name}: any;\n");
        if (choosesOutcomes)
            text.Append("declare function setOutcome(name: string): void;\ndeclare function setOutcomes(names: string[]): void;\n");
        var variables = Variables(document).Select(variable => $"{JsonSerializer.Serialize(variable.Name)}: {variable.Type};");
        return text.Append($"declare const variables: {{ {string.Join(' ', variables)} [name: string]: any; }};\n").ToString();
    }

    private static IEnumerable<(string Name, string Type)> Variables(JsonObject document) =>
        Arguments(document, "variables").Select(variable => (variable.Text("name")!, TypeScript(variable.Text("typeName") ?? "Object") + (variable.Flag("isArray") ? "[]" : "")));

    private static IEnumerable<(string Name, string Type)> Named(JsonObject document, string list, string type) =>
        from argument in Arguments(document, list)
        let name = Pascal(argument.Text("name")!)
        where name is not null
        select (name, TypeScript(argument.Text(type) ?? "Object") + (argument.Flag("isArray") ? "[]" : ""));

    private static IEnumerable<JsonObject> Arguments(JsonObject document, string list) => (document[list] as JsonArray ?? []).OfType<JsonObject>().Where(argument => argument.Text("name") is not null);

    /// <summary>The name in an accessor; null when it cannot stand in one.</summary>
    private static string? Pascal(string name) => name.All(letter => char.IsLetterOrDigit(letter) || letter == '_') ? char.ToUpperInvariant(name[0]) + name[1..] : null;

    private static string TypeScript(string alias) => alias switch
    {
        "String" or "Guid" or "Uri" => "string",
        "Boolean" => "boolean",
        "Int16" or "Int32" or "Int64" or "Long" or "Single" or "Double" or "Decimal" => "number",
        _ when alias.EndsWith("[]", StringComparison.Ordinal) => TypeScript(alias[..^2]) + "[]",
        _ => "any",
    };
}
