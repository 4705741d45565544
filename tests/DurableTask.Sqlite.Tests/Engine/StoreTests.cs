using System.Diagnostics;
using DurableTask.Core;
using Microsoft.Data.Sqlite;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>The file: who may have it, what is in it, and what happens when it takes no more.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly Store store = new(onFile: true);

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task File_InUse_IsRefusedInOneLine_ThatNamesFileAndProcess_AndFreeAfterwards()
    {
        await using (var hub = await Hub.StartAsync(store.Options(), BothCode.Make()))
        {
            await hub.StartAsync("Listen", "x", "1");

            var refused = await Assert.ThrowsAsync<SqliteStorageException>(() => Hub.StartAsync(store.Options(), BothCode.Make()));
            var (exit, printed) = await ChildAsync("open", store.File!);

            Assert.Contains($"{store.File} is in use by process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
            Assert.Equal((1, refused.Message), (exit, printed.Trim()));
            Assert.DoesNotContain('\n', refused.Message);
        }

        await using var second = await Hub.StartAsync(store.Options(), BothCode.Make());
        await second.RaiseAsync("x", "e", "1");
        Assert.Equal("\"1\"", (await second.EndAsync("x")).Output);
    }

    [Fact]
    public async Task KilledProcess_LeavesWhatItAcknowledged_AndItsLease()
    {
        const int Count = 40;
        for (var round = 0; round < 2; round++)
        {
            using var child = Start("work", store.File!, $"{round}", $"{Count}");
            var acknowledged = 0;
            while (acknowledged < Count / 2 && await child.StandardOutput.ReadLineAsync() is { } line)
            {
                acknowledged += line.StartsWith("started", StringComparison.Ordinal) ? 1 : 0;
            }

            child.Kill();
            await child.WaitForExitAsync();
            Assert.Equal(Count / 2, acknowledged);
        }

        var code = ChildWork.Make(TextWriter.Null);
        await using var hub = await Hub.StartAsync(store.Options(), code);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < Count / 2; i++)
            {
                Assert.Equal("\"2,4,6,8,10\"", (await hub.EndAsync($"{round}-{i}")).Output);
            }
        }
    }

    [Fact]
    public async Task Opened_LoadsNothing_UntilItIsTheTurnOfIt()
    {
        await using (var hub = await Hub.StartAsync(store.Options(), BothCode.Make()))
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(i => hub.RunAsync("Chain", $"x{i}", "1")));
            await hub.StartAsync("Listen", "l", "1");
            await hub.UntilAsync("l", OrchestrationStatus.Running);
        }

        await using var again = await Hub.StartAsync(store.Options(), BothCode.Make());
        Assert.Equal(0, again.Engine.LoadedInstances);
        await again.RaiseAsync("l", "e", "1");
        Assert.Equal("\"1\"", (await again.EndAsync("l")).Output);
    }

    [Fact]
    public async Task KilledProcess_RunsNoCommittedActivityAgain()
    {
        using var child = Start("work", store.File!, "0", "1");
        var committed = new List<string>();
        while (committed.Count < 3 && await child.StandardOutput.ReadLineAsync() is { } line)
        {
            // An activity's input is the committed result of the one before it.
            if (line.StartsWith("activity", StringComparison.Ordinal))
            {
                committed.Add(line);
            }
        }

        child.Kill();
        await child.WaitForExitAsync();
        var code = ChildWork.Make(TextWriter.Null);
        await using var hub = await Hub.StartAsync(store.Options(), code);
        await hub.EndAsync("0-0");

        Assert.DoesNotContain(code.Runs.Keys, key => key is "Double 0-0 1" or "Double 0-0 2");
        Assert.All(code.Runs.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task File_OfANewerVersion_IsRefused()
    {
        await (await Hub.StartAsync(store.Options(), BothCode.Make())).DisposeAsync();
        Sql("PRAGMA user_version = 99");

        var refused = await Assert.ThrowsAsync<SqliteStorageException>(() => Hub.StartAsync(store.Options(), BothCode.Make()));

        Assert.Contains($"{store.File} has schema version 99", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("CREATE TABLE other (a)")]
    [InlineData("CREATE TABLE other (a); PRAGMA user_version = 1")]
    public async Task File_OfAnotherProgram_IsRefused(string sql)
    {
        Sql(sql);

        var refused = await Assert.ThrowsAsync<SqliteStorageException>(() => Hub.StartAsync(store.Options(), BothCode.Make()));

        Assert.Contains("not one of this engine's", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ThatIsNoDatabase_IsRefused()
    {
        await File.WriteAllTextAsync(store.File!, new string('x', 5000));

        var refused = await Assert.ThrowsAsync<SqliteStorageException>(() => Hub.StartAsync(store.Options(), BothCode.Make()));

        Assert.Contains($"{store.File} cannot be opened", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Synchronous_ThatSqliteDoesNotKnow_IsRefused()
    {
        var options = store.Options();
        options.Synchronous = "SOMETIMES; DROP TABLE x";

        var refused = await Assert.ThrowsAsync<SqliteStorageException>(() => Hub.StartAsync(options, BothCode.Make()));

        Assert.Contains("not FULL, NORMAL or OFF", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_OfAnOlderVersion_IsBroughtUpToDate_WithWhatIsInIt()
    {
        await using (var hub = await Hub.StartAsync(store.Options(), BothCode.Make()))
        {
            await hub.StartAsync("Listen", "x", "1");
            await hub.UntilAsync("x", OrchestrationStatus.Running);
        }

        string[] scripts = [.. Schema.Scripts, "ALTER TABLE instances ADD COLUMN colour TEXT; UPDATE instances SET colour = 'green'",
            "CREATE TABLE later (a)"];
        using (var database = Database.Open(store.Options(), scripts))
        {
            Assert.Equal(scripts.Length, database.Scalar<long>("PRAGMA user_version"));
            Assert.Equal("green", database.Scalar<string>("SELECT colour FROM instances WHERE id = 'x'"));
        }

        await Assert.ThrowsAsync<SqliteStorageException>(() => Hub.StartAsync(store.Options(), BothCode.Make()));
    }

    [Fact]
    public async Task FailedUpgrade_LeavesTheFileAsItWas()
    {
        await (await Hub.StartAsync(store.Options(), BothCode.Make())).DisposeAsync();
        string[] scripts = [.. Schema.Scripts, "CREATE TABLE later (a); INSERT INTO nowhere VALUES (1)"];

        Assert.Throws<SqliteStorageException>(() => Database.Open(store.Options(), scripts));

        using var database = Database.Open(store.Options(), Schema.Scripts);
        Assert.Equal(0, database.Scalar<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'later'"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FullDisk_AcknowledgesNothingThatIsNotStored_AndGoesOnWhenThereIsRoom(bool onFile)
    {
        using var full = new Store(onFile);
        var options = full.Options();
        options.MaxPages = 400;
        var big = new string('x', 200_000);
        var code = BothCode.Make().Orchestration("Big", async (flow, input) => input.Length + await flow.CallAsync("Grow", "1"))
            .Activity("Grow", _ => big);
        await using var hub = await Hub.StartAsync(options, code);
        await hub.StartAsync("Listen", "waits", "1");
        await hub.UntilAsync("waits", OrchestrationStatus.Running);
        SqliteStorageException? error = null;
        var started = 0;
        while (error is null)
        {
            try
            {
                await hub.StartAsync("Listen", $"l{started}", big);
                started++;
            }
            catch (SqliteStorageException e)
            {
                error = e;
            }
        }

        Assert.Contains("Nothing can be stored in", error.Message, StringComparison.Ordinal);
        Assert.Null(await hub.StateAsync($"l{started}"));
        for (var i = 0; i < started; i++)
        {
            Assert.NotNull(await hub.StateAsync($"l{i}"));
        }

        // A small one gets in, its activity's result does not: it waits, and is not run again.
        await FillAsync(hub);
        var running = TryStartAsync(hub, "Big", "big", "1");
        await hub.Engine.SetMaxPagesAsync(4000);
        await running;

        Assert.StartsWith("\"1xxx", (await hub.EndAsync("big")).Output, StringComparison.Ordinal);
        await hub.RaiseAsync("waits", "e", "1");
        Assert.Equal("\"1\"", (await hub.EndAsync("waits")).Output);
        Assert.Equal(1, code.Begun("Grow"));
    }

    [Fact]
    public async Task DoneWork_WaitsForRoom_AndIsNotRunAgain()
    {
        var options = store.Options();
        options.MaxPages = 200;
        var release = new TaskCompletionSource();
        var code = BothCode.Make()
            .Orchestration("Big", async (flow, _) => $"{(await flow.CallAsync("Grow", "1")).Length}")
            .Activity("Grow", async _ =>
            {
                await release.Task;
                return new string('x', 1_000_000);
            });
        await using var hub = await Hub.StartAsync(options, code);
        await hub.StartAsync("Big", "x", "1");
        await hub.UntilAsync(() => Task.FromResult(code.Begun("Grow") == 1), "the activity runs");
        release.SetResult();
        await hub.UntilAsync(() =>
            Task.FromResult(hub.Journal.Lines.Any(line => line.Contains("waits for room", StringComparison.Ordinal))), "the disk is full");

        await hub.Engine.SetMaxPagesAsync(4000);

        Assert.Equal("\"1000000\"", (await hub.EndAsync("x")).Output);
        Assert.Equal(1, code.Begun("Grow"));
    }

    [Fact]
    public async Task BigInput_IsNotWrittenAgainByEachTurn()
    {
        const int Turns = 30;
        var options = store.Options();
        await using var hub = await Hub.StartAsync(options, BothCode.Make().Orchestration("Hold", async (flow, input) =>
        {
            for (var i = 0; i < Turns; i++)
            {
                flow.Status = $"{i}";
                await flow.CallAsync("Double", $"{i}");
            }

            return $"{input.Length}";
        }));
        await hub.StartAsync("Hold", "x", new string('x', 2_000_000));

        Assert.Equal("\"2000000\"", (await hub.EndAsync("x")).Output);

        // As message and as history, with room for what the log keeps.
        var size = new FileInfo(store.File!).Length + new FileInfo(store.File + "-wal").Length;
        Assert.InRange(size, 2_000_000, 15_000_000);
    }

    private static async Task FillAsync(Hub hub)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                await hub.StartAsync("Listen", $"small{i}", new string('y', 500));
            }
        }
        catch (SqliteStorageException)
        {
            // Full to the brim.
        }
    }

    private static Task TryStartAsync(Hub hub, string name, string id, string input) =>
        Eventually.TrueAsync("there is room for a start", async () =>
        {
            try
            {
                await hub.StartAsync(name, id, input);
                return true;
            }
            catch (SqliteStorageException)
            {
                return false;
            }
        });

    private static Process Start(params string[] arguments)
    {
        var start =
            new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(typeof(StoreTests).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task<(int Exit, string Output)> ChildAsync(params string[] arguments)
    {
        using var child = Start(arguments);
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return (child.ExitCode, output);
    }

    private void Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={store.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
