using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace Chard.Domain.Failures;

/// <summary>
/// Tells what an exception asks for. In this order: an explicit kind anywhere in the chain of causes; registered rules and the known
/// types, from the outermost exception inwards; else transient, since a retry of a hopeless task costs little and a lost one much.
/// Pure: the same exception and context give the same failure.
/// </summary>
public sealed class FailureClassifier(IEnumerable<IFailureRule> rules)
{
    private const int MaxDepth = 16;

    private readonly IFailureRule[] _rules = [.. rules];

    /// <summary>The classifier without rules of its own.</summary>
    public static FailureClassifier Plain { get; } = new([]);

    /// <summary>The failure that <paramref name="exception"/> is. Code and message are within their limits.</summary>
    public TaskFailure Classify(Exception exception, FailureContext context)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return (Explicit(exception, 0) ?? Known(exception, context, 0) ?? Unknown(exception)).Trimmed();
    }

    private static TaskFailure? Explicit(Exception exception, int depth) => exception switch
    {
        RateLimitedTaskException e => new(e.Kind, e.Code, e.Message, e.RetryAfter),
        TaskFailureException e => new(e.Kind, e.Code, e.Message),
        _ when depth >= MaxDepth => null,
        AggregateException all => Worst(all.InnerExceptions.Select(e => Explicit(e, depth + 1))),
        { InnerException: { } inner } => Explicit(inner, depth + 1),
        _ => null,
    };

    /// <summary>One permanent failure among several decides: the next try would meet it again. Of rate limits the longest wait.</summary>
    private static TaskFailure? Worst(IEnumerable<TaskFailure?> failures) => failures
        .OfType<TaskFailure>()
        .OrderBy(f => f.Kind switch { FailureKind.Permanent => 0, FailureKind.Transient => 1, _ => 2 })
        .ThenByDescending(f => f.RetryAfter ?? TimeSpan.Zero)
        .FirstOrDefault();

    private static TaskFailure Unknown(Exception exception)
    {
        Exception first = exception is AggregateException { InnerExceptions: [{ } only, ..] } ? only : exception;
        return new(FailureKind.Transient, first.GetType().Name, Tell(exception));
    }

    private static TaskFailure? BuiltIn(Exception exception, FailureContext context) => exception switch
    {
        // A cancelled HTTP call is a timeout of its client if it says so; the task's own limit is told by the context.
        OperationCanceledException when context.TimeLimitReached =>
            new(FailureKind.Transient, "time-limit", "The time limit of the task was reached."),
        OperationCanceledException { InnerException: TimeoutException } e => new(FailureKind.Transient, "timeout", e.Message),
        OperationCanceledException e => new(FailureKind.Transient, "cancelled", e.Message),
        TimeoutException e => new(FailureKind.Transient, "timeout", e.Message),
        HttpRequestException { StatusCode: { } status } e =>
            HttpFailures.Classify(status, RetryAfter.Parse(e.Data[RetryAfter.DataKey] as string, context.Now), e.Message),
        HttpRequestException e =>
            new(FailureKind.Transient, "http-" + JsonNamingPolicy.KebabCaseLower.ConvertName(e.HttpRequestError.ToString()), Tell(e)),
        SocketException e =>
            new(FailureKind.Transient, "socket-" + JsonNamingPolicy.KebabCaseLower.ConvertName(e.SocketErrorCode.ToString()), e.Message),
        DbException e => new(
            e.IsTransient ? FailureKind.Transient : FailureKind.Permanent,
            e.SqlState is { Length: > 0 } state ? "db-" + state : "db",
            e.Message),
        ArgumentException e => new(FailureKind.Permanent, "invalid-argument", e.Message),
        FormatException e => new(FailureKind.Permanent, "invalid-format", e.Message),
        JsonException e => new(FailureKind.Permanent, "invalid-json", e.Message),
        InvalidDataException e => new(FailureKind.Permanent, "invalid-data", e.Message),
        FileNotFoundException or DirectoryNotFoundException => new(FailureKind.Permanent, "file-not-found", exception.Message),
        UnauthorizedAccessException e => new(FailureKind.Permanent, "access-denied", e.Message),
        NotSupportedException or NotImplementedException => new(FailureKind.Permanent, "not-supported", exception.Message),
        InvalidCastException e => new(FailureKind.Permanent, "invalid-cast", e.Message),
        ArithmeticException e => new(FailureKind.Permanent, "arithmetic", e.Message),
        IOException e => new(FailureKind.Transient, "io", Tell(e)),
        _ => null,
    };

    /// <summary>Messages of wrappers say "see inner exception"; the cause's message says what happened.</summary>
    private static string Tell(Exception exception) =>
        exception.InnerException is { } inner
            && exception is not AggregateException
            && !exception.Message.Contains(inner.Message, StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{exception.Message} ({inner.Message})")
            : exception.Message;

    private TaskFailure? Known(Exception exception, FailureContext context, int depth)
    {
        if (exception is AggregateException all && depth < MaxDepth)
        {
            return Worst(all.InnerExceptions.Select(e => Known(e, context, depth + 1) ?? Unknown(e)));
        }

        foreach (IFailureRule rule in _rules)
        {
            if (rule.Classify(exception, context) is { } failure)
            {
                return failure;
            }
        }

        return BuiltIn(exception, context)
            ?? (exception.InnerException is { } inner && depth < MaxDepth ? Known(inner, context, depth + 1) : null);
    }
}
