using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Functions.Invocation;

/// <summary>Runs a function inside the app's middleware. An exception of either comes out as it was thrown.</summary>
internal sealed class FunctionInvoker
{
    private readonly FunctionExecutionDelegate pipeline;
    private readonly IFunctionActivator activator;

    public FunctionInvoker(MiddlewareList middleware, IFunctionActivator activator)
    {
        this.activator = activator;
        pipeline = middleware.Build(ExecuteAsync);
    }

    public async Task<object?> InvokeAsync(HostFunctionContext context)
    {
        await pipeline(context);
        return context.Result;
    }

    private async Task ExecuteAsync(FunctionContext functionContext)
    {
        // No ConfigureAwait(false) here: an orchestrator has to stay on its own synchronization context.
        var context = HostFunctionContext.From(functionContext);
        var function = context.Function;
        var instance = function.Method.IsStatic ? null : activator.CreateInstance(function.Type, context);
        var arguments = await context.Inputs.AllAsync();
        context.Result = await function.InvokeAsync(instance, arguments);
        if (function.Outputs.Count > 0)
        {
            context.Outputs = [.. function.Outputs.Select(output => new OutputValue(output, output.ValueOf(context.Result)))];
        }
    }
}

/// <summary>The app's middleware in the order it was added.</summary>
internal sealed class MiddlewareList
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> items = [];

    public void Add(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware) => items.Add(middleware);

    public FunctionExecutionDelegate Build(FunctionExecutionDelegate last)
    {
        var next = last;
        for (var index = items.Count - 1; index >= 0; index--)
        {
            next = items[index](next);
        }

        return next;
    }
}

/// <summary>Makes function classes from the invocation's services.</summary>
internal sealed class DefaultFunctionActivator : IFunctionActivator
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Type, ObjectFactory?> factories = new();

    public object? CreateInstance(Type instanceType, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(instanceType);
        ArgumentNullException.ThrowIfNull(context);
        var factory = factories.GetOrAdd(instanceType, FactoryFor);
        // A class that takes nothing needs no scope of services.
        return factory is null ? Activator.CreateInstance(instanceType) : factory(context.InstanceServices, null);
    }

    private static ObjectFactory? FactoryFor(Type type)
    {
        var constructors = type.GetConstructors();
        return constructors is [var only] && only.GetParameters().Length == 0
            ? null
            : ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
    }
}
