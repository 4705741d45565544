using System.Net.Http.Json;
using System.Text.Json;
using Chard.Functions.Reports;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Functions.Tests.Reports;

/// <summary>The same page whatever dies on the way, and a failure that is no mystery.</summary>
[Trait("Category", "Soak")]
public sealed class ReportFaultTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Report_CrashAtEachCommit_HasTheSameBytes(bool afterCommit)
    {
        await using ReportHost host = await ReportHost.StartAsync();
        await host.ImportSampleAsync("people");
        long before = host.App.Faults.Commits;
        (_, string page) = await host.ReportAsync(new { table = "people" });
        int commits = (int)(host.App.Faults.Commits - before);
        Assert.InRange(commits, 5, 100);

        for (int commit = 1; commit <= commits; commit++)
        {
            long next = host.App.Faults.Commits + commit;
            if (afterCommit)
            {
                host.App.Faults.CrashAfterCommit(next);
            }
            else
            {
                host.App.Faults.CrashBeforeCommit(next);
            }

            Assert.Equal(ReportHost.WithoutRun(page), ReportHost.WithoutRun(
                await AgainAsync(host, $"crash-{afterCommit}-{commit}-{Guid.NewGuid():N}"[..40])));
        }

        await host.Flow.RestartIfCrashedAsync();
        // Turns may share a commit, the more the busier the machine: a run may end before its crash comes.
        Assert.InRange(host.Flow.Crashes, commits / 2, commits);
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("lost")]
    [InlineData("twice")]
    public async Task Report_StorageOrDeliveryFails_HasTheSameBytes(string fault)
    {
        await using ReportHost host = await ReportHost.StartAsync();
        await host.ImportSampleAsync("people");
        (_, string page) = await host.ReportAsync(new { table = "people" });

        for (int call = 0; call < 12; call += 3)
        {
            switch (fault)
            {
                case "busy":
                    host.App.Storage.Fail(
                        c => c.Service == StorageService.Blob, StorageFault.Busy, times: 5, skip: call); // more than the client tries
                    break;
                case "lost":
                    host.App.Storage.Fail(_ => true, StorageFault.NoAnswer with { IsApplied = true }, skip: call);
                    break;
                default:
                    host.App.Faults.DeliverTwice(nameof(GenerateSection));
                    host.App.Faults.LoseResult(nameof(CombineReport));
                    break;
            }

            Assert.Equal(
                ReportHost.WithoutRun(page), ReportHost.WithoutRun(await AgainAsync(host, $"{fault}-{call}-{Guid.NewGuid():N}"[..30])));
            host.App.Storage.Heal();
        }
    }

    [Fact]
    public async Task Report_SectionFailsForGood_LeavesADeadLetterAndFailsWithIt()
    {
        await using ReportHost host = await ReportHost.StartAsync(options => options.ConfigureServices(services =>
        {
            ServiceDescriptor real = services.Last(s => s.ServiceType == typeof(IReportData));
            services.Replace(
                ServiceDescriptor.Singleton<IReportData>(provider => new BrokenDates((IReportData)real.ImplementationFactory!(provider))));
        }));
        await host.ImportSampleAsync("people");
        string id = await host.Flow.StartWorkflowAsync("GenerateReport", new { table = "people" });

        JsonElement status = await host.Flow.EndAsync(id);

        Assert.Equal("failed", status.GetProperty("status").GetString());
        Assert.Equal("GenerateSection", status.GetProperty("error").GetProperty("task").GetString());
        Assert.Equal("""{"total":3,"succeeded":2,"failed":1}""", status.GetProperty("progress").GetRawText());
        JsonElement letters = await host.App.Http.GetFromJsonAsync<JsonElement>($"/api/dead-letters?workflowId={id}");
        JsonElement letter = Assert.Single(letters.GetProperty("deadLetters").EnumerateArray());
        Assert.Equal(
            ("GenerateSection", "timeline"),
            (letter.GetProperty("task").GetString(), letter.GetProperty("args").GetProperty("kind").GetString()));
        using HttpResponseMessage report = await host.App.Http.GetAsync($"/api/reports/{id}");
        Assert.Equal(404, (int)report.StatusCode);
    }

    /// <summary>Makes the report as a caller does that repeats a start which was not answered.</summary>
    private static async Task<string> AgainAsync(ReportHost host, string id)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await host.Flow.RestartIfCrashedAsync();
                await host.Flow.StartWorkflowAsync("GenerateReport", new { table = "people" }, id);
                break;
            }
            catch (Exception e) when (attempt < 5 && e is HttpRequestException or Xunit.Sdk.XunitException)
            {
                continue;
            }
        }

        await host.Flow.ResultAsync(id);
        await host.Flow.RestartIfCrashedAsync();
        return await host.App.Http.GetStringAsync($"/api/reports/{id}");
    }

    /// <summary>A database that cannot read dates.</summary>
    private sealed class BrokenDates(IReportData real) : IReportData
    {
        public Task<IReadOnlyList<TableColumn>> DescribeAsync(string table, CancellationToken cancellationToken) =>
            real.DescribeAsync(table, cancellationToken);

        public Task<TableCounts> CountAsync(string table, IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
            real.CountAsync(table, columns, cancellationToken);

        public Task<NumberSummary?> SummarizeAsync(string table, string column, CancellationToken cancellationToken) =>
            real.SummarizeAsync(table, column, cancellationToken);

        public Task<IReadOnlyList<long>> CountBetweenAsync(
            string table, string column, IReadOnlyList<double> bounds, CancellationToken cancellationToken) =>
            real.CountBetweenAsync(table, column, bounds, cancellationToken);

        public Task<TopValues> TopAsync(string table, string column, int limit, CancellationToken cancellationToken) =>
            real.TopAsync(table, column, limit, cancellationToken);

        public Task<DaySpan?> SpanAsync(string table, string column, CancellationToken cancellationToken) =>
            throw new FormatException("These are no dates.");

        public Task<IReadOnlyList<DayCount>> CountByAsync(string table, string column, DayInterval interval,
            CancellationToken cancellationToken) => throw new FormatException("These are no dates.");
    }
}
