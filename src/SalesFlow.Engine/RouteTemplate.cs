using System.Collections.Immutable;

namespace SalesFlow.Engine;

/// <summary>
/// The path of an HTTP endpoint, such as orders/{id}/lines/{line?}. Its shape is the same with nameless parameters (/orders/{}): what a request could
/// mean is a short list of shapes, so that endpoints are found by equality, however many there are.
/// </summary>
public sealed class RouteTemplate
{
    /// <summary>Most segments of a template; every further one would double the shapes of a request.</summary>
    public const int MaxSegments = 8;
    private const string Any = "{}", Rest = "{*}";
    private readonly ImmutableArray<Segment> _segments;

    private RouteTemplate(string text, ImmutableArray<Segment> segments) => (Text, _segments) = (text, segments);

    /// <summary>The template with a leading slash and small letters outside of parameters.</summary>
    public string Text { get; }

    /// <summary>Reads a template. Throws <see cref="FaultException"/> with the place that is wrong.</summary>
    public static RouteTemplate Parse(string path)
    {
        var parts = path.Trim().Trim('/') is { Length: > 0 } inner ? inner.Split('/') : [];
        if (parts.Length > MaxSegments)
            throw new FaultException($"The path '{path}' has {parts.Length} segments; an endpoint's path may have {MaxSegments}.");
        var segments = parts.Select(part => Read(part, path)).ToImmutableArray();
        for (var i = 0; i + 1 < segments.Length; i++)
            if (segments[i].IsRest || (segments[i].IsOptional && !segments[i + 1].IsOptional))
                throw new FaultException($"In the path '{path}' the segment '{parts[i]}' may only come last.");
        if (segments.Where(segment => segment.Name is not null).GroupBy(segment => segment.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new FaultException($"The path '{path}' has the parameter '{twice.Key}' twice.");
        return new RouteTemplate("/" + string.Join('/', segments.Select((segment, i) => segment.Name is null ? segment.Text : parts[i])), segments);
    }

    /// <summary>Every shape that this template answers to: without its optional parameters too.</summary>
    public IEnumerable<string> Shapes
    {
        get
        {
            for (var length = _segments.Length; ; length--)
            {
                yield return "/" + string.Join('/', _segments.Take(length).Select(segment => segment.IsRest ? Rest : segment.Name is null ? segment.Text : Any));
                if (length == 0 || !_segments[length - 1].IsOptional)
                    yield break;
            }
        }
    }

    /// <summary>The parameters of a request's (decoded) path; null when it is not this template's.</summary>
    public Dictionary<string, object?>? Match(string path)
    {
        var (parts, values) = (Split(path), new Dictionary<string, object?>());
        for (var i = 0; i < _segments.Length; i++)
        {
            var segment = _segments[i];
            if (segment.IsRest)
            {
                values[segment.Name!] = parts.Length > i ? string.Join('/', parts[i..]) : segment.Default;
                return values;
            }
            if (i >= parts.Length)
            {
                if (!segment.IsOptional)
                    return null;
                if (segment.Default is not null)
                    values[segment.Name!] = segment.Default;
            }
            else if (segment.Name is { } name)
                values[name] = parts[i];
            else if (!segment.Text.Equals(parts[i], StringComparison.OrdinalIgnoreCase))
                return null;
        }
        return parts.Length <= _segments.Length ? values : null;
    }

    /// <summary>The shapes that a request's path may mean, the most specific first: text before parameters from the left, the rest last.</summary>
    public static IEnumerable<string> ShapesOf(string path)
    {
        var parts = Split(path).Select(part => part.ToLowerInvariant()).ToArray();
        if (parts.Length <= MaxSegments)
            foreach (var shape in Shaped(parts))
                yield return shape;
        for (var length = Math.Min(parts.Length, MaxSegments - 1); length >= 0; length--)
            foreach (var shape in Shaped(parts[..length]))
                yield return shape == "/" ? "/" + Rest : $"{shape}/{Rest}";
    }

    private static IEnumerable<string> Shaped(string[] parts)
    {
        for (var mask = 0; mask < 1 << parts.Length; mask++)
            yield return "/" + string.Join('/', parts.Select((part, i) => (mask >> (parts.Length - 1 - i) & 1) == 0 ? part : Any));
    }

    private static string[] Split(string path) => path.Trim('/') is { Length: > 0 } inner ? inner.Split('/') : [];

    private static Segment Read(string part, string path)
    {
        if (part.Length == 0)
            throw new FaultException($"The path '{path}' has an empty segment ('//').");
        if (part.IndexOfAny(['{', '}']) < 0)
            return new Segment(part.ToLowerInvariant(), null, false, false, null);
        if (part[0] != '{' || part[^1] != '}' || part.LastIndexOf('{') > 0 || part.IndexOf('}', StringComparison.Ordinal) < part.Length - 1)
            throw new FaultException($"The segment '{part}' of the path '{path}' mixes text and parameters; a segment is text or one parameter such as {{id}}.");
        var inner = part[1..^1];
        var rest = inner.StartsWith('*');
        inner = inner.TrimStart('*');
        var (declared, fallback) = inner.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (inner[..at], inner[(at + 1)..]) : (inner, null);
        var optional = declared.EndsWith('?') || fallback is not null;
        // What follows the colon (a constraint such as :int) tells Elsa's routes no more than ours.
        var name = declared.TrimEnd('?').Split(':')[0];
        return name.Length > 0 && name.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-')
            ? new Segment(part, name, optional, rest, fallback)
            : throw new FaultException($"The parameter '{part}' of the path '{path}' has no name of letters and digits.");
    }

    private sealed record Segment(string Text, string? Name, bool IsOptional, bool IsRest, string? Default);
}
