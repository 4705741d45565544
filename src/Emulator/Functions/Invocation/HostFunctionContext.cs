using System.Collections;
using Chard.Emulator.Functions.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Emulator.Functions.Invocation;

/// <summary>One invocation. Nothing is allocated for what the function does not look at: scope, id, items and trace come on first use.</summary>
internal sealed class HostFunctionContext : FunctionContext, IAsyncDisposable
{
    private readonly IServiceProvider root;
    private readonly CancellationToken cancellation;
    private IServiceProvider? services;
    private AsyncServiceScope? scope;
    private IDictionary<object, object>? items;
    private InvocationFeatures? features;
    private string? id;
    private HostTraceContext? trace;

    public HostFunctionContext(
        FunctionDescriptor function,
        IServiceProvider root,
        object? triggerValue,
        IReadOnlyDictionary<string, object?> bindingData,
        CancellationToken cancellation)
    {
        this.root = root;
        this.cancellation = cancellation;
        Function = function;
        TriggerValue = triggerValue;
        BindingContext = new HostBindingContext(bindingData);
        Inputs = new BoundInputs(this);
    }

    public FunctionDescriptor Function { get; }

    /// <summary>What the trigger brought, before it is converted to the parameter's type.</summary>
    public object? TriggerValue { get; }

    public BoundInputs Inputs { get; }

    /// <summary>What the function returned, or what middleware put in its place.</summary>
    public object? Result { get; set; }

    public IReadOnlyList<OutputValue> Outputs { get; set; } = [];

    /// <summary>The app's services, outside of any scope.</summary>
    public IServiceProvider RootServices => root;

    public override string InvocationId => id ??= Guid.CreateVersion7(root.GetRequiredService<TimeProvider>().GetUtcNow()).ToString();

    public override string FunctionId => Function.Id;

    public override TraceContext TraceContext => trace ??= new HostTraceContext();

    public override BindingContext BindingContext { get; }

    public override RetryContext RetryContext { get; } = HostRetryContext.None;

    public override IServiceProvider InstanceServices
    {
        get
        {
            if (services is null)
            {
                scope = root.CreateAsyncScope();
                services = scope.Value.ServiceProvider;
            }

            return services;
        }
        set => services = value;
    }

    public override FunctionDefinition FunctionDefinition => Function;

    public override IDictionary<object, object> Items
    {
        get => items ??= new Dictionary<object, object>();
        set => items = value;
    }

    public override IInvocationFeatures Features => features ??= new InvocationFeatures();

    public override CancellationToken CancellationToken => cancellation;

    /// <summary>The host's own context behind what a caller holds. ArgumentException for a context this host did not make.</summary>
    public static HostFunctionContext From(FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context as HostFunctionContext
            ?? throw new ArgumentException($"A context of type {context.GetType()} was not made by this host; only its own can be used here.", nameof(context));
    }

    public ValueTask DisposeAsync() => scope?.DisposeAsync() ?? ValueTask.CompletedTask;

    private sealed class HostBindingContext(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = data;
    }

    private sealed class HostRetryContext : RetryContext
    {
        public static readonly HostRetryContext None = new();

        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }

    private sealed class InvocationFeatures : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> values = [];

        public T? Get<T>() => values.TryGetValue(typeof(T), out var value) ? (T)value : default;

        public void Set<T>(T instance)
        {
            ArgumentNullException.ThrowIfNull(instance);
            values[typeof(T)] = instance;
        }

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => values.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <summary>The trace that was current when the invocation began.</summary>
internal sealed class HostTraceContext : TraceContext
{
    private readonly System.Diagnostics.Activity? activity = System.Diagnostics.Activity.Current;

    public override string TraceParent => activity?.Id ?? string.Empty;

    public override string TraceState => activity?.TraceStateString ?? string.Empty;
}
