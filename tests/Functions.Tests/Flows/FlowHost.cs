using System.Globalization;
using System.Net.Http.Json;
using System.Net;
using System.Text.Json;
using Chard.Control;
using Chard.DeadLetters;
using Chard.Functions.Imports;
using Chard.Functions.Tests.Harness;
using Chard.Functions.Tests.Servers;
using Chard.Schedules;
using Chard.Testing;

namespace Chard.Functions.Tests.Flows;

/// <summary>
/// The whole app with everything it talks to: storage, a payment provider, a receiver of webhooks, a mail server, all on real sockets.
/// Time that only a timer waits for is skipped, so the 960-second backoff passes at once. The sweeps and schedules are left out: they come
/// every other second, and would come all the hours that are skipped.
/// </summary>
public sealed class FlowHost : IAsyncDisposable
{
    private static readonly string[] Ended = ["completed", "failed", "cancelled", "expired"];

    /// <summary>The app.</summary>
    public FunctionsTestHost App { get; private set; } = null!;

    /// <summary>The payment provider.</summary>
    public PaymentServer Payments { get; } = new();

    /// <summary>The receiver of webhooks.</summary>
    public WebhookReceiver Receiver { get; } = new();

    /// <summary>The mail server.</summary>
    public SmtpServer Mail { get; } = new();

    /// <summary>Files to download.</summary>
    public FileServer Files { get; } = new();

    /// <summary>How often the app was started again after a crash.</summary>
    public int Crashes { get; private set; }

    /// <summary>Starts all of it on the shared storage.</summary>
    public static async Task<FlowHost> StartAsync(Action<FunctionsTestHostOptions>? configure = null)
    {
        var host = new FlowHost();
        try
        {
            await host.StartAppAsync(configure);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a workflow.</summary>
    public async Task<string> StartWorkflowAsync(string workflow, object args, string? id = null)
    {
        using HttpResponseMessage answer = await App.Http.PostAsJsonAsync("/api/workflows", new { workflow, args, id });
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        return JsonElement.Parse(text).GetProperty("id").GetString()!;
    }

    /// <summary>Waits for a workflow's end and gives its status document. An engine that crashes on the way is started again.</summary>
    public Task<JsonElement> EndAsync(string id) => UntilAsync(id, Ended);

    /// <summary>
    /// Waits until a workflow has one of the statuses, and gives its document. An engine that crashes on the way is started again.
    /// </summary>
    public async Task<JsonElement> UntilAsync(string id, params string[] statuses)
    {
        (_, string text) = await Eventually.SeenAsync(
            $"workflow {id} is {string.Join(" or ", statuses)}", LookAsync,
            seen => seen.IsThere && statuses.Contains(JsonElement.Parse(seen.Text).GetProperty("status").GetString()),
            TimeSpan.FromMinutes(3));
        return JsonElement.Parse(text);

        async Task<(bool IsThere, string Text)> LookAsync()
        {
            await RestartIfCrashedAsync();
            using HttpResponseMessage answer = await App.Http.GetAsync($"/api/workflows/{id}");
            return (answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Waits for a workflow's end, which has to be a good one, and gives its result.</summary>
    public async Task<JsonElement> ResultAsync(string id)
    {
        JsonElement status = await EndAsync(id);
        Assert.True(status.GetProperty("status").GetString() == "completed", status.GetRawText());
        return JsonElement.Parse(await App.Http.GetStringAsync($"/api/workflows/{id}/result"));
    }

    /// <summary>Waits for a workflow's end, which has to be a failure, and gives its code.</summary>
    public async Task<string> FailureAsync(string id)
    {
        JsonElement status = await EndAsync(id);
        Assert.True(status.GetProperty("status").GetString() == "failed", status.GetRawText());
        return status.GetProperty("error").GetProperty("code").GetString()!;
    }

    /// <summary>Starts the app again if its engine has crashed by a fault.</summary>
    public async Task RestartIfCrashedAsync()
    {
        if (App.Faults.Crashed.IsCompleted)
        {
            Crashes++;
            await App.CrashAsync();
            await App.StartAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (App is not null)
        {
            await App.DisposeAsync();
        }

        await Payments.DisposeAsync();
        await Receiver.DisposeAsync();
        await Mail.DisposeAsync();
        await Files.DisposeAsync();
    }

    private async Task StartAppAsync(Action<FunctionsTestHostOptions>? configure) =>
        App = await FunctionsTestHost.StartAsync<TaskFunctions>(options =>
        {
            options.SkipTime = true;
            options.FunctionTypes = TheApp.Types;
            options.WithoutClockWork(
                typeof(WorkflowSweep), typeof(DeadLetterSweep), typeof(RunSchedules), typeof(RetentionSweep), typeof(PurgePayloads),
                typeof(UploadSweep), typeof(MeasureDepths));
            options.Settings["Chard:Payments:BaseUrl"] = Payments.Url.ToString();
            options.Settings["Chard:Payments:TimeoutSeconds"] = "2";
            options.Settings["Chard:Webhooks:Secret"] = WebhookReceiver.Secret;
            options.Settings["Chard:Outgoing:AllowHttp"] = "true";
            options.Settings["Chard:Outgoing:AllowedNetworks"] = "127.0.0.1/32";
            options.Settings["Chard:Outgoing:TimeoutSeconds"] = "2";
            options.Settings["Chard:Mail:Smtp:Host"] = "127.0.0.1";
            options.Settings["Chard:Mail:Smtp:Port"] = Mail.Port.ToString(CultureInfo.InvariantCulture);
            options.Settings["Chard:Mail:Smtp:StartTls"] = "false";
            options.Settings["Chard:Newsletters:MessagesPerSecond"] = "1000";
            configure?.Invoke(options);
        });
}
