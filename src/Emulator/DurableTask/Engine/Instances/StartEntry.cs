namespace Chard.Emulator.DurableTask;

/// <summary>Wakes an instance whose start was put off.</summary>
internal sealed class StartEntry(Instance instance, long ticks) : DueEntry(ticks)
{
    public override bool IsDropped => instance.IsGone;

    public override void Fire() => instance.Wake();
}
