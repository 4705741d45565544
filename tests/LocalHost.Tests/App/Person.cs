namespace Chard.LocalHost.Tests.App;

public sealed record Person(string FirstName);
