namespace SalesFlow.Server;

/// <summary>What the command line says about the server to start; every default is in sight here.</summary>
public sealed record ServerOptions
{
    /// <summary>Where it listens.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:5080";
    /// <summary>Database, documents, keys and logs.</summary>
    public string DataFolder { get; init; } = "./data";
    /// <summary>Fill an empty database with a demo company.</summary>
    public bool Demo { get; init; }
    /// <summary>PostgreSQL connection string; SQLite in the data folder without it.</summary>
    public string? Database { get; init; }
    /// <summary>The definitions, templates and calendars that an empty database begins with.</summary>
    public string WorkflowsFolder { get; init; } = ShippedWorkflows;
    /// <summary>Password of the first administrator; a random one is printed once without it.</summary>
    public string? AdminPassword { get; init; }
    /// <summary>An administrator's API key, accepted from the first request on.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The processes shipped beside the program.</summary>
    public static string ShippedWorkflows => Path.Combine(AppContext.BaseDirectory, "workflows");

    /// <summary>A file or folder inside the data folder, as an absolute path.</summary>
    public string InData(string name) => Path.Combine(Path.GetFullPath(DataFolder), name);
}
