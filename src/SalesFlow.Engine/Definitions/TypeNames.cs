namespace SalesFlow.Engine.Definitions;

/// <summary>The names that documents give to types: Elsa's aliases and what can be made of them.</summary>
internal static class TypeNames
{
    private static readonly HashSet<string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        "Object", "String", "Boolean", "Int16", "Int32", "Int64", "Long", "Single", "Double", "Decimal", "Guid", "DateTime", "DateTimeOffset", "TimeSpan", "ByteArray",
        "Stream", "JSON", "JsonElement", "JsonNode", "JsonObject", "JsonArray", "StringDictionary", "ObjectDictionary", "StringMap", "ObjectMap", "JObject", "JArray", "Uri",
        "Exception", "ArgumentException", "ArgumentNullException", "InvalidOperationException", "NullReferenceException", "OperationCanceledException", "TaskCanceledException",
        "TimeoutException", "NotSupportedException", "ExceptionState", "FaultException", "VariablesDictionary", "Token", "FlowScope", "FlowJoinMode", "LogPersistenceMode",
        "HttpRequest", "HttpResponse", "HttpResponseMessage", "HttpHeaders", "RouteData", "FormFile", "HttpFile", "Downloadable", "HttpStatusCode", "HttpRequestException",
        "HttpEndpointBookmarkPayload", "EventStimulus", "RunTaskStimulus", "DispatchWorkflowStimulus", "ExecuteWorkflowStimulus", "BulkDispatchWorkflowsStimulus",
        "BackgroundActivityStimulus", "EventBookmarkPayload", "ExecuteWorkflowPayload", "RunTaskBookmarkPayload", "BookmarkTokenPayload", "EventTokenPayload",
        "ExecuteWorkflowResult", "WorkflowInterruptedPayload",
    };

    /// <summary>True for an alias, and for T[], T?, List&lt;T&gt; and the like of one.</summary>
    public static bool IsKnown(string name)
    {
        name = Canonical(name);
        if (name.EndsWith("[]", StringComparison.Ordinal))
            return IsKnown(name[..^2]);
        if (name.EndsWith('?'))
            return IsKnown(name[..^1]);
        var open = name.IndexOf('<', StringComparison.Ordinal);
        return open > 0 && name.EndsWith('>') ? IsKnown(name[(open + 1)..^1]) : Aliases.Contains(name);
    }

    /// <summary>The alias behind a .NET name ("System.Int32, System.Private.CoreLib") and behind Elsa's marker of a type without one; any other name as it is.</summary>
    public static string Canonical(string name)
    {
        name = name.Trim();
        if (name.StartsWith("UnregisteredClrType:", StringComparison.Ordinal))
            return "Exception";
        if (!name.Contains('.', StringComparison.Ordinal) || name.Contains('<', StringComparison.Ordinal) || name.Contains('`', StringComparison.Ordinal))
            return name;
        var plain = name.Split(',')[0].Trim();
        var suffix = plain.EndsWith("[]", StringComparison.Ordinal) ? "[]" : "";
        var alias = plain[(plain.LastIndexOf('.') + 1)..(plain.Length - suffix.Length)];
        return plain.StartsWith("System.", StringComparison.Ordinal) && Aliases.Contains(alias) ? alias + suffix : name;
    }
}
