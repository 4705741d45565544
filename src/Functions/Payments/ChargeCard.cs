using System.ComponentModel;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;

namespace Chard.Functions.Payments;

/// <summary>
/// Charges an order once: the key is made of order and sum (<see cref="ChargeOrderRules.Key"/>), and the provider dedupes by it. After a
/// run that died, the provider is asked whether the charge was made before another is tried.
/// </summary>
[Description("Charges an order once, by an idempotency key made of order and sum.")]
[TaskPolicy(InDoubt = InDoubt.Probe, TimeLimitSeconds = 120)]
public sealed class ChargeCard(IPaymentApi payments) : ITask<ChargeOrderArgs, ChargeOrderResult>, IProbe<ChargeOrderArgs, ChargeOrderResult>
{
    /// <inheritdoc/>
    public async Task<ChargeOrderResult> RunAsync(ChargeOrderArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        InvalidArgs.ThrowIfAny(ChargeOrderRules.Check(args));
        return Result(args, await payments.ChargeAsync(args, ChargeOrderRules.Key(args), cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<ProbeAnswer<ChargeOrderResult>> DidItLandAsync(
        ChargeOrderArgs args,
        TaskContext context,
        CancellationToken cancellationToken)
    {
        InvalidArgs.ThrowIfAny(ChargeOrderRules.Check(args));
        return await payments.FindAsync(ChargeOrderRules.Key(args), cancellationToken) is { } charge
            ? new(true, Result(args, charge))
            : new(false, null);
    }

    private static ChargeOrderResult Result(ChargeOrderArgs args, Charge charge)
    {
        if ((charge.Amount ?? args.Amount) != args.Amount || (charge.Currency ?? args.Currency) != args.Currency)
        {
            throw new PermanentTaskException(
                "charge-mismatch",
                $"Charge {charge.Id} is of {charge.Amount} {charge.Currency}, but {args.Amount} {args.Currency} was asked. "
                    + "Settle it with the payment provider.");
        }

        return new(charge.Id, args.Order, Money.Text(args.Amount, args.Currency), args.Currency);
    }
}
