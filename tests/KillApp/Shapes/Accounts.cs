using Chard.KillApp.Journals;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace Chard.KillApp.Shapes;

/// <summary>An entity that counts, and orchestrators that use it. Its number is right only if no operation is lost or done twice.</summary>
internal sealed class Accounts(Journal journal)
{
    private static readonly EntityInstanceId Called = new(nameof(Counter), "called");
    private static readonly EntityInstanceId Signaled = new(nameof(Counter), "signaled");
    private static readonly EntityInstanceId Left = new(nameof(Counter), "left");
    private static readonly EntityInstanceId Right = new(nameof(Counter), "right");

    /// <summary>The entity: <c>add</c> gives the number plus one, <c>set</c> and <c>get</c> do as they say.</summary>
    [Function(nameof(Counter))]
    public Task Counter([EntityTrigger] TaskEntityDispatcher dispatcher)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        return dispatcher.DispatchAsync(operation =>
        {
            int number = operation.State.GetState<int>();
            switch (operation.Name)
            {
                case "add":
                    operation.State.SetState(++number);
                    journal.Write(new JournalLine(JournalKind.Operation, operation.Context.Id.Key, Position: number));
                    break;
                case "set":
                    number = operation.GetInput<int>();
                    operation.State.SetState(number);
                    break;
            }

            return new ValueTask<object?>(number);
        });
    }

    /// <summary>Adds three by calls and one by a signal. Gives the input.</summary>
    [Function(nameof(Count))]
    public async Task<int> Count([OrchestrationTrigger] TaskOrchestrationContext context, int input)
    {
        var track = new Track(context, journal);
        for (int i = 0; i < 3; i++)
        {
            track.Mark();
            track.Told(Called.Key, await context.Entities.CallEntityAsync<int>(Called, "add"));
        }

        await context.Entities.SignalEntityAsync(Signaled, "add");
        track.Mark();
        return input;
    }

    /// <summary>Moves the input from one number to another under a lock of both. Gives what it moved.</summary>
    [Function(nameof(Transfer))]
    public async Task<int> Transfer([OrchestrationTrigger] TaskOrchestrationContext context, int input)
    {
        var track = new Track(context, journal);
        track.Mark();
        await using (await context.Entities.LockEntitiesAsync(Left, Right))
        {
            track.Mark();
            int left = await context.Entities.CallEntityAsync<int>(Left, "get");
            int right = await context.Entities.CallEntityAsync<int>(Right, "get");
            await context.Entities.CallEntityAsync<int>(Left, "set", left - input);
            track.Mark();
            await context.Entities.CallEntityAsync<int>(Right, "set", right + input);
        }

        track.Mark();
        return input;
    }
}
