using Chard.Control;

namespace Chard.Functions.Tests.Workflows;

public sealed class InstanceTreeTests
{
    [Theory]
    [InlineData("order-1", "order-1", true)]
    [InlineData("order-1", "order-1.0", true)]
    [InlineData("order-1", "order-1:2.0.17", true)]
    [InlineData("order-1", "order-10", false)]
    [InlineData("order-1", "order-1-0", false)]
    [InlineData("order-1", "order-1_0", false)]
    [InlineData("order-1", "order-10.0", false)]
    [InlineData("order-1", "order-", false)]
    [InlineData("order-1", "ORDER-1.0", false)]
    public void Contains_OwnInstances_AndNoOtherWorkflows(string id, string instanceId, bool contained) =>
        Assert.Equal(contained, InstanceTree.Contains(id, instanceId));
}
