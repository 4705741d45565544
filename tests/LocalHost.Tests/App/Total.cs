namespace Chard.LocalHost.Tests.App;

public sealed class Total
{
    public int Sum { get; set; }

    public void Add(int amount) => Sum += amount;
}
