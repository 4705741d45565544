using System.Text.Json;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Status;

namespace Chard.Testing;

/// <summary>
/// A workflow of a test: where it stands, what its ledger has of its tasks, what it left to operators. All by the app's HTTP API, and over
/// crashes of the engine: the host is then started again on the same data.
/// </summary>
public sealed class WorkflowRun
{
    private readonly ChardTestHost _host;

    internal WorkflowRun(ChardTestHost host, string id) => (_host, Id) = (host, id);

    /// <summary>Its id.</summary>
    public string Id { get; }

    private string Path => $"/api/workflows/{Id}";

    /// <summary>Where it stands.</summary>
    public Task<StatusDocument> StatusAsync() => _host.GetAsync<StatusDocument>(Path);

    /// <summary>Waits until it has a status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="deadline">How long to wait at most, by the machine's clock; two minutes if null.</param>
    /// <exception cref="WorkflowFailedException">It has ended with another one, or is parked where it was to end.</exception>
    /// <exception cref="TimeoutException">It has not come so far; the message has the status seen last.</exception>
    public async Task<StatusDocument> UntilAsync(WorkflowStatus status, TimeSpan? deadline = null)
    {
        (StatusDocument seen, IReadOnlyList<DeadLetterDocument> waiting) = await Eventually.SeenAsync(
            $"{Id} is {status}",
            LookAsync,
            now => now.Status.Status == status
                || IsFinal(now.Status.Status)
                || (status == WorkflowStatus.Completed && now.Waiting.Count > 0),
            deadline);
        return seen.Status == status ? seen : throw Failure(seen, waiting, status);
    }

    /// <summary>Waits until it has completed, and gives its result.</summary>
    /// <inheritdoc cref="UntilAsync"/>
    public async Task<TResult?> ResultAsync<TResult>(TimeSpan? deadline = null)
    {
        await UntilAsync(WorkflowStatus.Completed, deadline);
        return await _host.GetAsync<TResult>($"{Path}/result");
    }

    /// <summary>
    /// What the ledger has of its tasks, in the order of their positions: each with its status, the number of its last try, and its
    /// failure. A task that was run twice without a recorded result between has one row still.
    /// </summary>
    public async Task<IReadOnlyList<TaskRowDocument>> TasksAsync()
    {
        var rows = new List<TaskRowDocument>();
        string more = "";
        do
        {
            JsonElement page = await _host.GetAsync<JsonElement>($"{Path}?tasks=true{more}");
            rows.AddRange(page.GetProperty("tasks").Deserialize<TaskRowDocument[]>(TaskJson.Options)!);
            more = page.GetProperty("continuation").GetString() is { } next ? $"&continuation={Uri.EscapeDataString(next)}" : "";
        }
        while (more.Length > 0);
        return rows;
    }

    /// <summary>Its dead letters, newest first, resolved ones too.</summary>
    public Task<IReadOnlyList<DeadLetterDocument>> LettersAsync() => _host.LettersAsync($"workflowId={Id}");

    /// <summary>Retries its open dead letters, as an operator does who has mended the cause.</summary>
    /// <param name="args">Arguments in place of those that failed; null for the same.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> RetryAsync(object? args = null)
    {
        string? body = args is null ? null : JsonSerializer.Serialize(new { args }, TaskJson.Options);
        IReadOnlyList<DeadLetterDocument> open = await OpenLettersAsync();
        foreach (DeadLetterDocument letter in open)
        {
            await _host.PostAsync($"/api/dead-letters/{letter.Id}/retry", body);
        }

        return open.Count;
    }

    /// <summary>Cancels it; tasks that run are told by their tokens.</summary>
    public Task CancelAsync() => _host.PostAsync($"{Path}/cancel");

    /// <summary>Pauses it: what runs finishes, nothing new begins.</summary>
    public Task PauseAsync() => _host.PostAsync($"{Path}/pause");

    /// <summary>Lets it go on after a pause.</summary>
    public Task ResumeAsync() => _host.PostAsync($"{Path}/resume");

    private static bool IsFinal(WorkflowStatus status) =>
        status is WorkflowStatus.Completed or WorkflowStatus.Failed or WorkflowStatus.Cancelled or WorkflowStatus.Expired;

    /// <summary>Where it stands; and the letters that it waits for where it is parked: resolved ones are on their way to it.</summary>
    private async Task<(StatusDocument Status, IReadOnlyList<DeadLetterDocument> Waiting)> LookAsync()
    {
        StatusDocument status = await StatusAsync();
        return (status, status.Status is WorkflowStatus.Parked or WorkflowStatus.Failed ? await OpenLettersAsync() : []);
    }

    private async Task<IReadOnlyList<DeadLetterDocument>> OpenLettersAsync() =>
        [.. (await LettersAsync()).Where(letter => letter.State == DeadLetterState.Open)];

    private WorkflowFailedException Failure(StatusDocument seen, IReadOnlyList<DeadLetterDocument> letters, WorkflowStatus expected)
    {
        string failure = seen.Error is { } error ? $" {error.Task ?? seen.Workflow} failed with '{error.Code}': {error.Message}" : "";
        string[] why =
        [
            failure,
            .. letters.Select(letter =>
                $" Dead letter of {letter.Task} at {letter.Path} after {letter.Attempts} tries, '{letter.Class}': {letter.Message}"),
        ];
        return new(
            $"{seen.Workflow} {Id} was to be {expected} and is {seen.Status}.{string.Concat(why)}",
            Id,
            seen.Status,
            seen.Error?.Code ?? letters.Select(letter => letter.Class).FirstOrDefault());
    }
}
