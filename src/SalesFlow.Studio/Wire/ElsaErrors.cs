using Microsoft.AspNetCore.Http;
using SalesFlow.Runtime;

namespace SalesFlow.Studio.Wire;

/// <summary>A request that Elsa's API answers with an error. Studio shows each message of a 400 by itself.</summary>
internal sealed class ElsaProblemException : Exception
{
    /// <summary>A request that a person can mend; each message is a sentence.</summary>
    public ElsaProblemException(params IEnumerable<string> messages) : base(string.Join(" ", messages)) => (Status, Errors) = (StatusCodes.Status400BadRequest, Of("generalErrors", messages));

    /// <summary>The same, about one part of the request.</summary>
    public ElsaProblemException(string field, string message) : this(field, Enumerable.Repeat(message, 1)) { }

    /// <summary>The same, with more to say about it.</summary>
    public ElsaProblemException(string field, IEnumerable<string> messages) : base(string.Join(" ", messages)) => (Status, Errors) = (StatusCodes.Status400BadRequest, Of(field, messages));

    /// <summary>Any other status, without a body of ours.</summary>
    public ElsaProblemException(int status) => Status = status;

    public int Status { get; }
    public IReadOnlyDictionary<string, IEnumerable<string>>? Errors { get; }

    private static Dictionary<string, IEnumerable<string>> Of(string field, IEnumerable<string> messages) => new() { [field] = [.. messages] };
}

/// <summary>The one place where a failure becomes an answer that Studio understands.</summary>
internal static class ElsaErrors
{
    private const string ProblemJson = "application/problem+json";

    /// <summary>400 with one message each.</summary>
    public static IResult BadRequest(params IEnumerable<string> messages) => Answer(new ElsaProblemException(messages));

    /// <summary>Endpoint filter of the whole API.</summary>
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ElsaProblemException problem)
        {
            return Answer(problem);
        }
        catch (BrokenDefinitionException broken)
        {
            return BadRequest(broken.Words);
        }
        catch (RefusedException refused)
        {
            return BadRequest([refused.Message, .. refused.Obstacles.Select(obstacle => $"{obstacle.Message} {obstacle.Fix}".Trim())]);
        }
        catch (KeyNotFoundException)
        {
            return Results.NotFound();
        }
    }

    private static IResult Answer(ElsaProblemException problem) => problem.Errors is null
        ? Results.StatusCode(problem.Status)
        : Results.Json(new { statusCode = problem.Status, message = "One or more errors occurred!", errors = problem.Errors }, ElsaJson.Options, ProblemJson, problem.Status);
}
