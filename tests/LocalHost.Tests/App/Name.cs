namespace Chard.LocalHost.Tests.App;

public sealed record Name(string First, int Times)
{
#pragma warning disable CA1051 // A field, to see that the worker's JSON leaves it out.
    public int Hidden = 1;
#pragma warning restore CA1051
}
