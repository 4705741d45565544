using System.Reflection;
using Chard.Emulator.Functions.Hosting;

namespace Chard.Emulator.Testing;

/// <summary>Runs an app's entry point on a thread of its own, where the builder it creates finds what a test host has to say.</summary>
internal static class AppMain
{
    /// <summary>The entry point of an assembly as a function.</summary>
    public static Func<string[], Task> Of(MethodInfo method) => args =>
    {
        // An async Main is compiled to one that waits, which is why it gets a thread of its own.
        var result = method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, method.GetParameters().Length == 0 ? [] : [args], null);
        return result as Task ?? Task.CompletedTask;
    };

    /// <summary>Runs it. The task ends when it does; what it throws before the host runs is also the outcome of the start.</summary>
    public static Task Launch(HostStart start, Func<string[], Task> entryPoint, string[] args)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        HostStart.Current = start;
        try
        {
            // The start flows to the thread with the execution context.
            var thread = new Thread(() => Run(start, entryPoint, args, ended))
            {
                IsBackground = true,
                Name = "FunctionsTestHost main",
            };
            thread.Start();
        }
        finally
        {
            HostStart.Current = null;
        }

        return ended.Task;
    }

    private static void Run(HostStart start, Func<string[], Task> entryPoint, string[] args, TaskCompletionSource ended)
    {
        try
        {
            entryPoint(args).GetAwaiter().GetResult();
            Unfinished(start, new InvalidOperationException("The app's entry point ended before it had built and started a host."));
            ended.TrySetResult();
        }
        catch (Exception error)
        {
            // The boundary of the app's Main: whoever waits for the start or the end gets the exception.
            Unfinished(start, error);
            ended.TrySetException(error);
        }
    }

    /// <summary>Does nothing to a start that has succeeded.</summary>
    private static void Unfinished(HostStart start, Exception error)
    {
        start.Built.TrySetException(error);
        start.Started.TrySetException(error);
    }
}
