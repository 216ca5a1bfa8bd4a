using Microsoft.AspNetCore.Http;

namespace SalesFlow.Studio.Wire;

/// <summary>Uploaded files.</summary>
internal static class ElsaForm
{
    /// <summary>The files of a form; another content type is answered with 415, a form that cannot be read with 400.</summary>
    public static async Task<IFormFileCollection> FilesAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!request.HasFormContentType)
            throw new ElsaProblemException(StatusCodes.Status415UnsupportedMediaType);
        try
        {
            return (await request.ReadFormAsync(cancel)).Files;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new ElsaProblemException("files", $"The form cannot be read: {broken.Message}");
        }
    }
}
