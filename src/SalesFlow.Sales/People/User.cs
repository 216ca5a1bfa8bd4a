using Microsoft.AspNetCore.Identity;

namespace SalesFlow.Sales.People;

/// <summary>A person who may sign in.</summary>
public sealed class User : IdentityUser<long>
{
    /// <summary>How the person is called on pages and in documents.</summary>
    public string DisplayName { get; set; } = "";
    /// <summary>Language of pages and messages: ru or en.</summary>
    public string Language { get; set; } = "ru";
    /// <summary>Team, when the company has several.</summary>
    public string? Team { get; set; }
    /// <summary>What the person sells or knows, as words that assignments ask for: channels, territories, products; separated by commas.</summary>
    public string Skills { get; set; } = "";
    /// <summary>Open deals that the person can carry; null for no limit.</summary>
    public int? Capacity { get; set; }
    /// <summary>False for one who has left: cannot sign in and gets no work, but keeps the name on what was done.</summary>
    public bool Active { get; set; } = true;
}

/// <summary>One of <see cref="Roles"/>.</summary>
public sealed class Role : IdentityRole<long>;
