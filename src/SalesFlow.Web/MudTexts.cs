using Microsoft.Extensions.Localization;
using MudBlazor;

namespace SalesFlow.Web;

/// <summary>MudBlazor's own words (buttons of a calendar, "close") from our resources, where they have a Russian text.</summary>
internal sealed class MudTexts(IStringLocalizer<Texts> texts) : MudLocalizer
{
    /// <inheritdoc />
    public override LocalizedString this[string key] => texts[key];
}
