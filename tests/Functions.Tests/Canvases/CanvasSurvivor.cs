using Chard.DurableTask.Sqlite;
using Chard.Starts;
using Grpc.Core;

namespace Chard.Functions.Tests.Canvases;

/// <summary>
/// Runs a canvas to its end under a plan of faults. It does what any caller does: a start that was not answered is repeated with its id,
/// and whoever was waiting asks again.
/// </summary>
internal sealed class CanvasSurvivor(CanvasHost host, CanvasFaultPlan plan)
{
    private readonly Queue<CanvasFaultPlan.Crash> _crashes = new(plan.Crashes);

    /// <summary>How often the app was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>How the canvas ended, as <see cref="CanvasHost.EndAsync"/> says it.</summary>
    public async Task<string> RunAsync(string canvas, string? args, string id)
    {
        Arm();
        await SurviveAsync(async () =>
        {
            if (Kills > 0)
            {
                // Whoever recorded the start has its lease before another may schedule it.
                await host.Eager.Host.Time!.AdvanceAsync(WorkflowScheduler.Lease + TimeSpan.FromSeconds(1));
            }

            return await host.StartAsync(canvas, args, id);
        });
        string end = await SurviveAsync(() => host.EndAsync(id));
        Disarm();
        return end;
    }

    private async Task<T> SurviveAsync<T>(Func<Task<T>> step)
    {
        while (true)
        {
            Task crashed = host.Eager.Host.Faults.Crashed;
            try
            {
                return await step();
            }
            catch (RpcException)
            {
                await crashed.WaitAsync(host.Patience);
                await host.Eager.KillAsync();
                Kills++;
                Arm();
            }
        }
    }

    private void Arm()
    {
        EngineFaults faults = host.Eager.Host.Faults;
        Disarm();
        foreach (CanvasFaultPlan.Delivery delivery in plan.Deliveries)
        {
            if (delivery.Lost)
            {
                faults.LoseResult(delivery.Activity, delivery.Times);
            }
            else
            {
                faults.DeliverTwice(delivery.Activity, delivery.Times);
            }
        }

        if (_crashes.TryDequeue(out CanvasFaultPlan.Crash? crash))
        {
            if (crash.After)
            {
                faults.CrashAfterCommit(faults.Commits + crash.Commits);
            }
            else
            {
                faults.CrashBeforeCommit(faults.Commits + crash.Commits);
            }
        }
    }

    /// <summary>The next canvas on this host gets what its own plan says.</summary>
    private void Disarm()
    {
        EngineFaults faults = host.Eager.Host.Faults;
        faults.CrashBeforeCommit(long.MaxValue);
        faults.CrashAfterCommit(long.MaxValue);
        foreach (CanvasFaultPlan.Delivery delivery in plan.Deliveries)
        {
            faults.DeliverTwice(delivery.Activity, times: 0);
        }
    }
}
