using System.Diagnostics;
using System.Net;
using Chard.DeadLetters;
using Chard.Domain.Failures;
using Chard.Functions.Payments;
using Chard.Starts;
using Chard.Status;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Tests.Flows;

/// <summary>What samples/ shows is what the app takes.</summary>
public sealed class SampleTests
{
    private static readonly string Samples = Path.Combine(FindRoot(), "samples");

    [Fact]
    public async Task WorkflowsHttp_EveryRequest_IsTakenAsItIs()
    {
        await using FlowHost host = await FlowHost.StartAsync(o =>
        {
            o.FunctionTypes = [typeof(WorkflowsApi), typeof(WorkflowStatusApi),
                typeof(DeadLettersApi)]; // what is started is not run: it would call addresses outside
        });
        string[] requests = (await File.ReadAllTextAsync(Path.Combine(Samples, "workflows.http"))).Split("\n###")[1..];

        Assert.Equal(11, requests.Length);
        foreach (string sample in requests)
        {
            using HttpRequestMessage request = Read(sample);
            using HttpResponseMessage answer = await host.App.Http.SendAsync(request);
            HttpStatusCode[] expected = request.Method == HttpMethod.Post
                ? [HttpStatusCode.Accepted] : [HttpStatusCode.OK, HttpStatusCode.Conflict];
            Assert.True(expected.Contains(answer.StatusCode), $"{request.RequestUri}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public async Task Orders_AreWhatTheirRuleMakes()
    {
        using var rule = Process.Start(
            new ProcessStartInfo("node", [Path.Combine(Samples, "make-orders.mjs")]) { RedirectStandardOutput = true })!;
        string made = await rule.StandardOutput.ReadToEndAsync();
        await rule.WaitForExitAsync();

        Assert.Equal(made, await File.ReadAllTextAsync(Path.Combine(Samples, "orders.csv")));
    }

    [Fact]
    public async Task PaymentServer_KeepsWhatTheDocumentationAsksOfAProvider()
    {
        using var server = Process.Start(
            new ProcessStartInfo("node", [Path.Combine(Samples, "payment-server.mjs"), "0"]) { RedirectStandardOutput = true })!;
        try
        {
            string url = (await server.StandardOutput.ReadLineAsync())!.Split(' ')[^1];
            using var api = new HttpPaymentApi(Options.Create(new PaymentOptions { BaseUrl = url }), TimeProvider.System);
            var order = new ChargeOrderArgs("A-1", 12.5m, "EUR", "tok_visa");

            Charge charge = await api.ChargeAsync(order, "k1", default);

            Assert.Equal(new Charge("ch_1", 12.50m, "EUR"), charge);
            Assert.Equal(charge, await api.ChargeAsync(order, "k1", default));
            Assert.Equal(charge, await api.FindAsync("k1", default));
            Assert.Null(await api.FindAsync("k2", default));
            Assert.Equal("card-declined", (await Assert.ThrowsAsync<PermanentTaskException>(
                () => api.ChargeAsync(order with { Card = "tok_declined" }, "k3", default))).Code);
            Assert.Equal(TimeSpan.FromSeconds(3), (await Assert.ThrowsAsync<RateLimitedTaskException>(
                () => api.ChargeAsync(order with { Card = "tok_busy" }, "k4", default))).RetryAfter);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Functions.sln is in no folder above the tests.");
    }

    /// <summary>A request as an editor reads it: a line of remarks, the request's line, headers, a blank line, the body.</summary>
    private static HttpRequestMessage Read(string sample)
    {
        string[] parts = sample[sample.IndexOf('\n', StringComparison.Ordinal)..].Trim().Split("\n\n", 2);
        string[] head = parts[0].Split('\n');
        string[] line = head[0].Split(' ');
        var request = new HttpRequestMessage(new(line[0]), line[1].Replace("{{host}}", "/api", StringComparison.Ordinal))
        {
            Content = parts.Length == 2 ? new StringContent(parts[1]) : null,
        };
        foreach (string[] header in head[1..].Select(h => h.Split(": ")))
        {
            if (!request.Headers.TryAddWithoutValidation(header[0], header[1]))
            {
                request.Content!.Headers.Remove(header[0]);
                request.Content.Headers.Add(header[0], header[1]);
            }
        }

        return request;
    }
}
