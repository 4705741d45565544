namespace Chard.LocalHost.Tests.App;

public sealed class ScopeIds
{
    private int last;

    public int Next() => Interlocked.Increment(ref last);
}
