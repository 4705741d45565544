using Chard.LocalHost.Lifetime;
using Chard.LocalHost.Screen;

using var signals = new StopSignals();
return await new HostRun(new HostScreen(Console.Out, Console.Error), signals).RunAsync(args);
