export const personTexts = {
  find: 'Find a user',
  type: 'Type the beginning of a name, e-mail or user name',
  nobody: 'Nobody’s name begins so',
};
