namespace Chard.DurableTask.Sqlite;

/// <summary>Counts what workers have been given and have neither completed nor given back, until they are given nothing more.</summary>
internal sealed class Handouts
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource allBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int count;

    /// <summary>Nothing more is given to workers.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Counts one more; false: it must not be given.</summary>
    public bool TryGive()
    {
        lock (gate)
        {
            count += IsOver ? 0 : 1;
            return !IsOver;
        }
    }

    public void Back()
    {
        lock (gate)
        {
            count--;
            Look();
        }
    }

    /// <summary>Gives nothing more; done when workers have nothing.</summary>
    public Task EndAsync()
    {
        lock (gate)
        {
            IsOver = true;
            Look();
            return allBack.Task;
        }
    }

    private void Look()
    {
        if (IsOver && count == 0)
        {
            allBack.TrySetResult();
        }
    }
}
