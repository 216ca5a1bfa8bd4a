using MudBlazor;

namespace SalesFlow.Web;

/// <summary>How dialogs open: closable with Escape, wide enough for a form, whole screen never.</summary>
internal static class DialogLook
{
    public static readonly DialogOptions Wide = new() { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true, CloseButton = true, BackdropClick = false };
}
