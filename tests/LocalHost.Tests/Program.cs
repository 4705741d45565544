using Chard.LocalHost.Tests;

await HostApp.RunAsync(args, null);
