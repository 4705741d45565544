using System.CommandLine;

namespace Chard.Tool.Commands;

/// <summary>Options of all commands that start something, and then watch it.</summary>
internal sealed class StartOptions
{
    public Option<string?> Id { get; } = new("--id") { Description = "Id of the workflow; sent again, it starts nothing twice" };

    public Option<string?> Owner { get; } = new("--owner") { Description = "Whose it is" };

    public Option<string?> IdempotencyKey { get; } = new("--idempotency-key")
    {
        Description = "Key under which it is started once, however often it is sent",
        HelpName = "key",
    };

    public Option<bool> Detach { get; } = new("--detach", "-d") { Description = "Start it, and do not wait for its end" };

    public WatchOptions Watch { get; } = new();

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Add(Id);
        command.Add(Owner);
        AddWatchTo(command);
    }

    /// <summary>Adds those that do not say what is started.</summary>
    public void AddWatchTo(Command command)
    {
        command.Add(IdempotencyKey);
        command.Add(Detach);
        Watch.AddTo(command);
    }
}

/// <summary>Options of watching.</summary>
internal sealed class WatchOptions
{
    public Option<bool> NoWaitParked { get; } = new("--no-wait-parked")
    {
        Description = "End with exit code 4 as soon as it is parked or paused, instead of waiting for somebody to see to it",
    };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command) => command.Add(NoWaitParked);
}
