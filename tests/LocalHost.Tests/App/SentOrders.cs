using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public sealed class SentOrders
{
    [QueueOutput("%PREFIX%-poco")]
    public IReadOnlyList<Order> Orders { get; init; } = [];

    [HttpResult]
    public IResult Answer { get; init; } = TypedResults.Text("sent");
}
