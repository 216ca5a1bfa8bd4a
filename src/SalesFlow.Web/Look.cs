using MudBlazor;

namespace SalesFlow.Web;

/// <summary>Colours, type and shapes of the pages. Fonts are the reader's own: nothing is fetched from elsewhere.</summary>
public static class Look
{
    private static readonly string[] Sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "Arial", "sans-serif"];

    /// <summary>Ink blue on cool grey; green, amber and red only where they mean something.</summary>
    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1f5573",
            Secondary = "#3d6b5c",
            Tertiary = "#6b5b8c",
            Success = "#236b40",
            Warning = "#9a5b00",
            Error = "#b1352b",
            Info = "#2f6690",
            Background = "#f4f6f8",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1d2b36",
            DrawerBackground = "#ffffff",
            DrawerText = "#33424f",
            DrawerIcon = "#526473",
            TextPrimary = "#1d2b36",
            TextSecondary = "#52616d",
            ActionDefault = "#526473",
            LinesDefault = "#dde3e8",
            LinesInputs = "#8b99a5",
            TableLines = "#e4e9ed",
            Divider = "#dde3e8",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = ".9375rem", LineHeight = "1.5", LetterSpacing = "normal" },
            H1 = new H1Typography { FontSize = "1.625rem", FontWeight = "650", LineHeight = "1.25", LetterSpacing = "-.01em" },
            H2 = new H2Typography { FontSize = "1.125rem", FontWeight = "650", LineHeight = "1.35", LetterSpacing = "normal" },
            H6 = new H6Typography { FontSize = "1.125rem", FontWeight = "650", LineHeight = "1.35", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontSize = ".9375rem", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontSize = ".875rem", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontSize = ".8125rem", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontSize = ".9rem", FontWeight = "600", TextTransform = "none", LetterSpacing = "normal" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "232px", AppbarHeight = "60px" },
    };
}
