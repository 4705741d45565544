using Chard.LocalHost.Tests;
using Chard.LocalHost.Tests.Processes;

await HostApp.RunAsync(args, ProcessOptions.Configure);
