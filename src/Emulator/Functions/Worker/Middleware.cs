namespace Microsoft.Azure.Functions.Worker.Middleware
{
    /// <summary>The rest of an invocation: the middleware after this one, and at last the function.</summary>
    public delegate Task FunctionExecutionDelegate(FunctionContext context);

    /// <summary>Runs around every invocation of every function. One instance serves them all.</summary>
    public interface IFunctionsWorkerMiddleware
    {
        Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    using Microsoft.Azure.Functions.Worker.Middleware;
    using Microsoft.Extensions.DependencyInjection;

    /// <summary>An app under construction.</summary>
    public interface IFunctionsWorkerApplicationBuilder
    {
        IServiceCollection Services { get; }

        IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware);
    }

    /// <summary>Makes the instance a function's method is called on, one for each invocation.</summary>
    public interface IFunctionActivator
    {
        object? CreateInstance(Type instanceType, FunctionContext context);
    }
}
