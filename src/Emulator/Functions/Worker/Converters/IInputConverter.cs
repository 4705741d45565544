using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Turns what a trigger brought into the type a parameter wants.</summary>
public interface IInputConverter
{
    ValueTask<ConversionResult> ConvertAsync(ConverterContext context);
}

/// <summary>What a converter is asked for.</summary>
public abstract class ConverterContext
{
    public abstract Type TargetType { get; }

    public abstract object? Source { get; }

    public abstract FunctionContext FunctionContext { get; }

    public abstract IReadOnlyDictionary<string, object> Properties { get; }
}

/// <summary>How a conversion went.</summary>
public enum ConversionStatus
{
    /// <summary>Not this converter's business: the next one is asked.</summary>
    Unhandled = 0,

    Succeeded = 1,

    /// <summary>The invocation fails.</summary>
    Failed = 2,
}

/// <summary>The outcome of a conversion.</summary>
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "The real type does not compare either.")]
public readonly struct ConversionResult
{
    private ConversionResult(ConversionStatus status, object? value, Exception? error)
    {
        Status = status;
        Value = value;
        Error = error;
    }

    public ConversionStatus Status { get; }

    public object? Value { get; }

    public Exception? Error { get; }

    public static ConversionResult Success(object? value) => new(ConversionStatus.Succeeded, value, null);

    public static ConversionResult Failed(Exception exception) => new(ConversionStatus.Failed, null, exception);

    public static ConversionResult Unhandled() => new(ConversionStatus.Unhandled, null, null);
}

/// <summary>Names the converter of a parameter, or of every parameter of a type.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Interface | AttributeTargets.Parameter,
    AllowMultiple = true)]
public class InputConverterAttribute(Type converterType) : Attribute
{
    public Type ConverterType { get; } = converterType ?? throw new ArgumentNullException(nameof(converterType));
}
