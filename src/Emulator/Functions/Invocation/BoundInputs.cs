using Microsoft.Azure.Functions.Worker;

namespace Chard.Emulator.Functions.Invocation;

/// <summary>Fills one parameter of one invocation.</summary>
internal delegate ValueTask<object?> ParameterBinder(HostFunctionContext context);

/// <summary>The parameters of one invocation: each is filled once, by middleware that asks first or by the function's call.</summary>
internal sealed class BoundInputs(HostFunctionContext context)
{
    private object?[]? values;
    private bool[]? bound;

    public int IndexOf(string name)
    {
        var parameters = context.Function.Parameters;
        for (var index = 0; index < parameters.Length; index++)
        {
            if (string.Equals(parameters[index].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }

        throw new InvalidOperationException($"Function '{context.Function.Name}' has no parameter '{name}'.");
    }

    public async ValueTask<object?> GetAsync(int index)
    {
        var all = Values();
        if (!bound![index])
        {
            all[index] = await context.Function.Binders[index](context);
            bound[index] = true;
        }

        return all[index];
    }

    public object? Get(int index) => Values()[index];

    public void Set(int index, object? value)
    {
        Values()[index] = value;
        bound![index] = true;
    }

    public async ValueTask<object?[]> AllAsync()
    {
        var all = Values();
        for (var index = 0; index < all.Length; index++)
        {
            if (!bound![index])
            {
                await GetAsync(index);
            }
        }

        return all;
    }

    private object?[] Values()
    {
        bound ??= new bool[context.Function.Binders.Length];
        return values ??= new object?[context.Function.Binders.Length];
    }
}

/// <inheritdoc/>
internal sealed class BoundInput<T>(BoundInputs inputs, int index, BindingMetadata metadata) : InputBindingData<T>
{
    public override BindingMetadata BindingMetadata { get; } = metadata;

    public override T? Value
    {
        get => (T?)inputs.Get(index);
        set => inputs.Set(index, value);
    }
}
