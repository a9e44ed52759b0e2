export const signInTexts = {
  title: 'Sign in',
  keyLabel: 'API key',
  keyHint: 'The administrator’s key is printed in the terminal at the first start. It stays in this tab’s memory only.',
  signIn: 'Sign in',
  withKey: 'Sign in with an API key',
};
