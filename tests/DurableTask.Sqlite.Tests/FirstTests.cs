using DurableTask.Core;

namespace Chard.DurableTask.Sqlite.Tests;

public sealed class FirstTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Program_OfEveryKindOfStep_Completes(bool onFile, bool sessions)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var options = new SqliteStorageOptions { File = onFile ? Path.Combine(folder.FullName, "e.db") : null };
            if (sessions)
            {
                options.ExtendedSessionIdleTimeout = TimeSpan.FromSeconds(10);
            }

            await using var engine = await EngineUnderTest.StartAsync(options, worker =>
                worker.AddTaskOrchestrations(typeof(Everything), typeof(Child)).AddTaskActivities(typeof(Double)));
            var start = await engine.Client.CreateOrchestrationInstanceAsync(typeof(Everything), "x", 20);
            await engine.Client.RaiseEventAsync(start, "go", 5);

            var end = await engine.EndAsync("x");

            Assert.Equal("91", end.Output);
            Assert.Equal(OrchestrationStatus.Completed, end.OrchestrationStatus);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Everything : TaskOrchestration<int, int, int, string>
    {
        private readonly TaskCompletionSource<int> go = new();

        public override async Task<int> RunTask(OrchestrationContext context, int input)
        {
            var doubled = await context.ScheduleTask<int>(typeof(Double), input);
            await context.CreateTimer(context.CurrentUtcDateTime.AddMilliseconds(20), true);
            var child = await context.CreateSubOrchestrationInstance<int>(typeof(Child), doubled);
            var all = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => context.ScheduleTask<int>(typeof(Double), i)));
            return child + all.Sum() + await go.Task + 3;
        }

        public override void OnEvent(OrchestrationContext context, string name, int input) => go.TrySetResult(input);
    }

    private sealed class Child : TaskOrchestration<int, int>
    {
        public override async Task<int> RunTask(OrchestrationContext context, int input) => await context.ScheduleTask<int>(typeof(Double), input) + 1;
    }

    private sealed class Double : TaskActivity<int, int>
    {
        protected override int Execute(TaskContext context, int input) => 2 * input;
    }
}
