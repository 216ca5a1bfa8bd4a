namespace SalesFlow.Sales;

/// <summary>What was asked for does not exist or may not be seen by the one who asks (404).</summary>
public sealed class NotFoundException(string message) : Exception(message);

/// <summary>The actor lacks the right (403).</summary>
public sealed class ForbiddenException(string message) : Exception(message);

/// <summary>Someone else changed it since it was read (412).</summary>
public sealed class ChangedMeanwhileException(string message) : Exception(message);

/// <summary>It cannot be done here and now, though nothing is wrong with what was asked (503).</summary>
public sealed class UnavailableException(string message) : Exception(message);

/// <summary>What was sent is wrong: messages by the name of the field (400).</summary>
public sealed class ValidationException(IReadOnlyDictionary<string, string[]> errors)
    : Exception(string.Join(" ", errors.Select(e => $"{e.Key}: {string.Join(" ", e.Value)}")))
{
    /// <summary>Messages by the name of the field.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;

    /// <summary>One message about one field.</summary>
    public ValidationException(string field, string message) : this(new Dictionary<string, string[]> { [field] = [message] }) { }
}
