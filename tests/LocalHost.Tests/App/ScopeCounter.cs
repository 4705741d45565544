namespace Chard.LocalHost.Tests.App;

public sealed class ScopeCounter(ScopeIds ids)
{
    public int Id { get; } = ids.Next();
}
