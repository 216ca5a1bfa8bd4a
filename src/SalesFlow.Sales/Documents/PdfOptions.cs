using System.ComponentModel.DataAnnotations;

namespace SalesFlow.Sales.Documents;

/// <summary>How documents become PDF files: by the print of a Chromium on this machine. Configuration section <c>Documents:Pdf</c>.</summary>
public sealed class PdfOptions
{
    /// <summary>The program; when it is not set, chromium, chromium-browser or google-chrome of the PATH.</summary>
    public string? Chromium { get; set; }

    /// <summary>
    /// Whether Chromium confines its own processes. Default: yes, except where that is known not to work: for root, and in a container, which confines it already. Documents hold no scripts
    /// and Chromium gets no network, so that the sandbox is the third wall, not the first.
    /// </summary>
    public bool? Sandbox { get; set; }

    /// <summary>How many documents are printed at once; others wait. Default: 2.</summary>
    [Range(1, 32)]
    public int AtOnce { get; set; } = 2;

    /// <summary>How long one may take, and how long it may wait for its turn. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);
}
