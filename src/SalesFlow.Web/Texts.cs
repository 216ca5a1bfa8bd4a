namespace SalesFlow.Web;

/// <summary>Names the resource files Texts.resx (English) and Texts.ru.resx (Russian); every word a page shows comes from them.</summary>
public sealed class Texts;
