namespace SalesFlow.Studio.Descriptors;

/// <summary>Which activity types Studio lists. Configuration section <c>Workflows:Toolbox</c>.</summary>
public sealed class ToolboxOptions
{
    /// <summary>
    /// RunCSharp and RunPython are listed, so that processes for servers that run such code can be drawn and read here. They fault here all the same. Default: no.
    /// </summary>
    public bool HostCode { get; set; }
}
