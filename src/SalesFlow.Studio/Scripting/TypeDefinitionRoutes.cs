using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesFlow.Runtime;
using SalesFlow.Studio.Definitions;
using SalesFlow.Studio.Descriptors;
using SalesFlow.Studio.Wire;

namespace SalesFlow.Studio.Scripting;

/// <summary>Answers the JavaScript editor, which asks when it opens.</summary>
internal static class TypeDefinitionRoutes
{
    public static void MapTypeDefinitions(this IEndpointRouteBuilder api) => api.MapPost("/scripting/javascript/type-definitions/{definitionId}", AnswerAsync);

    /// <summary>Whose script is being edited.</summary>
    private sealed record ScriptRequest(string? ActivityTypeName, string? PropertyName);

    private static async Task<IResult> AnswerAsync(string definitionId, HttpRequest request, DefinitionQueries queries, DefinitionStore store, ChoiceSource choices, CancellationToken cancel)
    {
        var script = await ElsaJson.ReadAsync(request, new ScriptRequest(null, null), cancel);
        if (await queries.FindAsync(definitionId, null, cancel) is not { } row)
            return ElsaErrors.BadRequest($"Workflow definition {definitionId} not found");
        var text = TypeDefinitions.Of(DefinitionDocument.Parse(row.Document), await store.OutlineAsync(row, cancel), (await choices.LoadAsync(cancel)).Globals, script.ActivityTypeName == "Elsa.RunJavaScript");
        return Results.File(Encoding.UTF8.GetBytes(text), "application/x-typescript", $"elsa.{definitionId}.d.ts");
    }
}
