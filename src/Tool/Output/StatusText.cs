using System.Globalization;
using System.Text.Json;
using Chard.Tool.Api;

namespace Chard.Tool.Output;

/// <summary>Workflows in words.</summary>
internal static class StatusText
{
    /// <summary>How far it is: <c>3/10, 1 failed</c>; empty if nothing is known.</summary>
    public static string Progress(JsonElement workflow)
    {
        if (workflow.Member("progress") is not { } progress)
        {
            return "";
        }

        long failed = progress.Count("failed");
        long done = progress.Count("succeeded") + failed;
        string far = progress.Member("total") is null ? $"{done} done" : $"{done}/{progress.Count("total")}";
        return failed == 0 ? far : $"{far}, {failed} failed";
    }

    /// <summary>Status and progress.</summary>
    public static string Standing(JsonElement workflow)
    {
        string progress = Progress(workflow);
        string status = workflow.Text("status") ?? "";
        string text = progress.Length == 0 ? status : $"{status}, {progress}";
        return status switch
        {
            "parked" => $"{text}: waits for a decision (chard letters --list --workflow-id {workflow.Text("id")})",
            "paused" => $"{text}: waits to be resumed (chard resume {workflow.Text("id")})",
            _ => text,
        };
    }

    /// <summary>How it ended, in a line.</summary>
    public static string Ended(JsonElement workflow)
    {
        string text = $"{workflow.Text("id")} ({workflow.Text("workflow")}) {Verb(workflow.Text("status"))}";
        if (Took(workflow) is { } took)
        {
            text += $" after {Span(took)}";
        }

        return workflow.Member("error") is { } error ? $"{text}: {Failure(error)}" : $"{text}.";
    }

    /// <summary>A failure: code, message, task.</summary>
    public static string Failure(JsonElement error)
    {
        string text = Failure(error.Text("code"), error.Text("message"));
        return error.Text("task") is { } task ? $"{text} ({task})" : text;
    }

    /// <summary>A failure by its code and message, some of which begin with the code.</summary>
    public static string Failure(string? code, string? message) =>
        code is null || message?.StartsWith(code + ":", StringComparison.Ordinal) == true ? message ?? "" : $"{code}: {message}";

    /// <summary>A time in UTC, to the second.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A time that something takes.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => $"{(int)span.TotalMilliseconds} ms",
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds} s",
        { TotalDays: < 1 } => $"{span.Hours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };

    /// <summary>Bytes for people.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.0} GiB"),
    };

    private static string Verb(string? status) => status switch
    {
        "completed" => "completed",
        "failed" => "failed",
        "expired" => "has expired",
        _ => $"is {status}",
    };

    private static TimeSpan? Took(JsonElement workflow) =>
        workflow.Time("startedAt") is { } began && workflow.Time("completedAt") is { } ended && ended >= began ? ended - began : null;
}
