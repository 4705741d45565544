using System.Net.Http.Json;
using System.Text;
using Chard.DeadLetters;
using Chard.Domain.Tasks;
using Chard.DurableTask.Sqlite;

namespace Chard.Testing;

/// <summary>
/// A Chard app in the process of its tests: its own start, tasks, orchestrators and HTTP API on the real worker, the durable engine in
/// memory, Azurite in memory, and a clock that skips whatever is only waited for. Any number may run at once; each has data of its own.
/// </summary>
/// <remarks>
/// Where the engine crashes, for a test has asked <see cref="Faults"/> for it, the host is started again on the same data and whatever the
/// test waits for goes on.
/// </remarks>
public sealed class ChardTestHost : IAsyncDisposable
{
    private static readonly TimeSpan CrashTime = TimeSpan.FromMinutes(1);

    // A skipped day is to take seconds: what looks after the app once in a while finds nothing in nearly all of its rounds.
    private static readonly TimeSpan TimerPace = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim _restart = new(1);

    private ChardTestHost(FunctionsTestHost app) => App = app;

    /// <summary>The host itself: to stop, crash and start it, and for its orchestrations.</summary>
    public FunctionsTestHost App { get; }

    /// <summary>A client of the app's HTTP API. Valid until the host stops.</summary>
    public HttpClient Http => App.Http;

    /// <summary>The app's services. Valid until the host stops.</summary>
    public IServiceProvider Services => App.Services;

    /// <summary>Crashes at a commit, results that are lost or delivered twice. Each start of the host has its own.</summary>
    public EngineFaults Faults => App.Faults;

    /// <summary>The app's calls to storage: to count them, and to make them fail.</summary>
    public StoragePlan Storage => App.Storage;

    /// <summary>How often the host has been started again after a crash.</summary>
    public int Crashes { get; private set; }

    /// <summary>The time in the app.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    private SkippingClock Clock =>
        App.Time
        ?? throw new InvalidOperationException($"The host has no skipping clock: {nameof(FunctionsTestHostOptions.SkipTime)} is off.");

    /// <summary>Starts the app whose assembly holds <typeparamref name="TApp"/>, such as one of its tasks, by its entry point.</summary>
    /// <param name="configure">
    /// Sets options. Time is skipped unless it says otherwise, with a round of timer functions (schedules, sweeps) for each quarter of an
    /// hour skipped: for a schedule that is due more often make <see cref="FunctionsTestHostOptions.TimerPace"/> shorter.
    /// </param>
    /// <remarks>What the entry point throws is thrown as it is.</remarks>
    public static async Task<ChardTestHost> StartAsync<TApp>(Action<FunctionsTestHostOptions>? configure = null) =>
        new(await FunctionsTestHost.StartAsync<TApp>(options =>
        {
            options.SkipTime = true;
            options.TimerPace = TimerPace;
            configure?.Invoke(options);
            options.FunctionTypes ??= [.. typeof(TApp).Assembly.GetTypes(), .. typeof(ChardBuilder).Assembly.GetTypes()];
            options.SkipTime &= options.TimeProvider is null;
        }));

    /// <summary>Starts a workflow.</summary>
    /// <exception cref="InvalidOperationException">The app refuses it; the message has its answer.</exception>
    public async Task<WorkflowRun> StartAsync(Start start)
    {
        ArgumentNullException.ThrowIfNull(start);
        await PostAsync("/api/workflows", start.ToJson());
        return new(this, start.Id);
    }

    /// <summary>Starts a workflow, waits until it has completed, and gives its result: the eager mode of other task queues.</summary>
    /// <exception cref="WorkflowFailedException">It fails, is parked, cancelled or has expired.</exception>
    public async Task<TResult?> RunAsync<TResult>(Start start, TimeSpan? deadline = null) =>
        await (await StartAsync(start)).ResultAsync<TResult>(deadline);

    /// <summary>A workflow by its id, such as one that another started.</summary>
    public WorkflowRun Workflow(string id) => new(this, id);

    /// <summary>Dead letters, newest first.</summary>
    /// <param name="filter">Query of <c>GET /api/dead-letters</c>, such as <c>task=ChargeCard</c>; null for all.</param>
    public async Task<IReadOnlyList<DeadLetterDocument>> LettersAsync(string? filter = null)
    {
        var letters = new List<DeadLetterDocument>();
        string? next = null;
        do
        {
            string[] query = [.. new[] { filter, next is null ? null : $"continuation={Uri.EscapeDataString(next)}" }.OfType<string>()];
            DeadLetterListDocument page = await GetAsync<DeadLetterListDocument>($"/api/dead-letters?{string.Join('&', query)}");
            letters.AddRange(page.DeadLetters);
            next = page.Continuation;
        }
        while (next is not null);
        return letters;
    }

    /// <summary>Lets time pass at once, and with it what it brings: timers, schedules, starts that were put off.</summary>
    public void Pass(TimeSpan time) => Clock.JumpTo(Now + time);

    /// <summary>Stops the app as kill -9 does, and starts it again on the same data.</summary>
    public Task CrashAsync() => RestartAsync(App.CrashAndRestartAsync);

    /// <summary>Stops the app, and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _restart.Dispose();
    }

    internal Task<T> GetAsync<T>(string path) => SurviveAsync(async () =>
    {
        using HttpResponseMessage answer = await Http.GetAsync(path);
        await CheckAsync(answer, "GET", path);
        return (await answer.Content.ReadFromJsonAsync<T>(TaskJson.Options))!;
    });

    internal Task PostAsync(string path, string? json = null) => SurviveAsync(async () =>
    {
        using StringContent? body = json is null ? null : new(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await Http.PostAsync(path, body);
        await CheckAsync(answer, "POST", path);
        return true;
    });

    private static async Task CheckAsync(HttpResponseMessage answer, string method, string path)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"{method} {path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Does a step that may be done again; where the engine crashes under it, once more after the restart.</summary>
    private async Task<T> SurviveAsync<T>(Func<Task<T>> step)
    {
        while (true)
        {
            EngineFaults faults = Faults;
            try
            {
                Task<T> stepping = step();
                await Task.WhenAny(stepping, faults.Crashed);
                if (!faults.HasCrashed)
                {
                    return await stepping;
                }

                _ = stepping.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
            }
            catch (Exception) when (faults.HasCrashed)
            {
                // Told by an engine that is dead by now, so it says nothing of the step.
            }

            await faults.Crashed.WaitAsync(CrashTime);
            await RestartAsync(() => faults == Faults ? App.CrashAndRestartAsync() : Task.CompletedTask);
        }
    }

    private async Task RestartAsync(Func<Task> restart)
    {
        await _restart.WaitAsync();
        try
        {
            EngineFaults before = Faults;
            await restart();
            Crashes += before == Faults ? 0 : 1;
        }
        finally
        {
            _restart.Release();
        }
    }
}
