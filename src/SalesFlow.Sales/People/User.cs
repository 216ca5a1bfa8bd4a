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
}

/// <summary>One of <see cref="Roles"/>.</summary>
public sealed class Role : IdentityRole<long>;
