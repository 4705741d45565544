namespace Chard.LocalHost.Tests.App;

public sealed record Order(string Id, int Count);
